#include "corpora/identity.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <limits>
#include <utility>

#include "corpora/corpus.h"
#include "corpora/posix_file.h"

namespace evalzip {
namespace {

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

std::string to_hex(std::span<const unsigned char> bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace

class IdentityCheck::Hash {
 public:
  Hash(const EVP_MD* algorithm, const char* title) : context_(EVP_MD_CTX_new()) {
    if (!context_ || EVP_DigestInit_ex(context_.get(), algorithm, nullptr) != 1) {
      throw CorpusError(CorpusError::Kind::environment,
                        fmt::format("this machine's OpenSSL offers no {}, which the corpus's "
                                    "manifest asks for (a FIPS-only installation has no MD5)",
                                    title));
    }
  }

  void update(std::span<const std::byte> bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  }

  std::string finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
    return to_hex(std::span(digest).first(size));
  }

 private:
  std::unique_ptr<EVP_MD_CTX, ContextDeleter> context_;
};

struct IdentityCheck::Expectation {
  const char* title;
  Hash hash;
  std::optional<std::string> expected;
  std::string found;
};

IdentityCheck::IdentityCheck(ByteIdentity expected) : expected_(std::move(expected)) {
  hashes_.push_back({"SHA-256", Hash(EVP_sha256(), "SHA-256"), expected_.sha256, ""});
  if (expected_.sha1) hashes_.push_back({"SHA-1", Hash(EVP_sha1(), "SHA-1"), expected_.sha1, ""});
  if (expected_.md5) hashes_.push_back({"MD5", Hash(EVP_md5(), "MD5"), expected_.md5, ""});
}

IdentityCheck::~IdentityCheck() = default;
IdentityCheck::IdentityCheck(IdentityCheck&&) noexcept = default;

void IdentityCheck::update(std::span<const std::byte> bytes) {
  found_size_ += bytes.size();
  for (Expectation& one : hashes_) one.hash.update(bytes);
}

void IdentityCheck::finish() {
  for (Expectation& one : hashes_) one.found = one.hash.finish();
  sha256_ = hashes_.front().found;
}

std::optional<std::string> IdentityCheck::mismatch() const {
  if (found_size_ != expected_.size) {
    return fmt::format("expected {} bytes, found {}", expected_.size, found_size_);
  }
  for (const Expectation& one : hashes_) {
    if (one.expected && *one.expected != one.found) {
      return fmt::format("expected {} {}, found {}", one.title, *one.expected, one.found);
    }
  }
  return std::nullopt;
}

namespace {

IdentityCheck feed(const FileSlice& slice, IdentityCheck check, Progress& progress) {
  const ReadableFile file(slice.path);
  std::uint64_t left = slice.size.value_or(std::numeric_limits<std::uint64_t>::max());
  ProgressStep step{.what = "checking " + slice.path.filename().string(),
                    .source = slice.path.string(),
                    .total_bytes = slice.size ? slice.size : file.size(),
                    .bytes_per_second = {}};
  std::vector<std::byte> buffer(std::size_t{1} << 20);
  while (left > 0) {
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
    const std::size_t got = file.read_at(slice.offset + step.done_bytes, {buffer.data(), want});
    if (got == 0) break;
    check.update({buffer.data(), got});
    step.done_bytes += got;
    left -= got;
    advance(progress, step);
  }
  check.finish();
  return check;
}

}  // namespace

SliceVerdict check_slice(const FileSlice& slice, const ByteIdentity& expected, Progress& progress) {
  const IdentityCheck check = feed(slice, IdentityCheck(expected), progress);
  return {.size = check.size(), .sha256 = check.sha256(), .mismatch = check.mismatch()};
}

SliceVerdict identify_slice(const FileSlice& slice, Progress& progress) {
  const IdentityCheck check = feed(slice, IdentityCheck(ByteIdentity{}), progress);
  return {.size = check.size(), .sha256 = check.sha256(), .mismatch = std::nullopt};
}

}  // namespace evalzip
