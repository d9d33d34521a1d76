#include "codecs/llm/sha256.h"

#include <openssl/evp.h>

#include <stdexcept>
#include <string_view>

namespace evalzip {
namespace {

void check(int answer) {
  if (answer != 1) throw std::runtime_error("OpenSSL cannot compute a SHA-256");
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

struct Sha256Hash::State {
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

Sha256Hash::Sha256Hash() : state_(std::make_unique<State>()) {
  check(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr));
}

Sha256Hash::~Sha256Hash() = default;

void Sha256Hash::add(Bytes bytes) {
  check(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()));
}

Sha256 Sha256Hash::finish() {
  Sha256 digest{};
  check(EVP_DigestFinal_ex(state_->context.get(), reinterpret_cast<unsigned char*>(digest.data()),
                           nullptr));
  return digest;
}

Sha256 sha256_of(Bytes bytes) {
  Sha256Hash hash;
  hash.add(bytes);
  return hash.finish();
}

std::string hexadecimal(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4];
    text += kDigits[std::to_integer<unsigned>(byte) & 15];
  }
  return text;
}

}  // namespace evalzip
