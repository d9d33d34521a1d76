#include "corpora/fetch.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <thread>

#include "corpora/http_transfer.h"
#include "corpora/identity.h"
#include "corpora/partial_file.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

// What one mirror came to; absent `why` means the file is there.
struct MirrorVerdict {
  std::optional<std::string> why;
  bool wrong_bytes = false;
  bool unreachable = false;
};

constexpr std::chrono::milliseconds kLongestPause{8000};

std::string host_of(const std::string& address) {
  const std::size_t start = address.find("://") + 3;
  return address.substr(start, address.find_first_of("/?#", start) - start);
}

std::optional<std::string> wrong_bytes(const Download& download, const fs::path& path,
                                       Progress& progress) {
  std::error_code error;
  const std::uint64_t found = fs::file_size(path, error);
  ByteIdentity expected{
      .size = download.size.value_or(found), .sha256 = download.sha256, .sha1 = {}, .md5 = {}};
  if (found != expected.size) {
    return fmt::format("expected {} bytes, found {}", expected.size, found);
  }
  if (!download.sha256) return std::nullopt;
  return check_slice({.path = path, .offset = 0, .size = {}}, expected, progress).mismatch;
}

void pause_for(std::chrono::milliseconds time, const std::string& what, Progress& progress) {
  constexpr std::chrono::milliseconds kSlice{50};  // so that a request to stop is heard
  for (; time.count() > 0; time -= std::min(time, kSlice)) {
    advance(progress, {.what = what, .source = "", .total_bytes = {}, .bytes_per_second = {}});
    std::this_thread::sleep_for(std::min(time, kSlice));
  }
}

// One mirror, with as many attempts as make sense.
class MirrorFetch {
 public:
  MirrorFetch(const Download& download, const std::string& address, const FetchLimits& limits,
              Progress& progress)
      : download_(download), address_(address), limits_(limits), progress_(progress) {}

  MirrorVerdict run(const Acceptance& accept) {
    drop_unusable_part();
    for (bool again = false;; again = true) {
      if (MirrorVerdict verdict = transfer_all(); verdict.why) return verdict;
      std::optional<std::string> why = finish(accept);
      if (!why) return {};
      // Bytes of an older version, or of another mirror, may be what is wrong: once from scratch.
      if (!resumed_ || again) return {.why = why, .wrong_bytes = true};
      progress_.note(fmt::format("{}: {}; downloading it anew", download_.name, *why));
    }
  }

 private:
  // Without a hash, bytes of two servers are not mixed.
  void drop_unusable_part() {
    PartialFile part(download_.target);
    const bool too_long = download_.size && part.size() > *download_.size;
    const bool foreign = !part.came_from(address_) && !download_.sha256;
    if (too_long || foreign) part.restart();
  }

  MirrorVerdict transfer_all() {
    PartialFile part(download_.target);
    if (download_.size) {
      require_free_space(download_.target.parent_path(),
                         *download_.size - std::min(*download_.size, part.size()),
                         "downloading " + download_.name);
    }
    resumed_ = resumed_ || part.size() > 0;
    if (part.size() > 0 && download_.size == part.size()) return {};
    std::chrono::milliseconds pause = limits_.pause;
    std::uint64_t most = part.size();
    int fruitless = 0;
    for (int attempt = 1;; ++attempt) {
      const TransferResult result =
          run_transfer({.address = address_, .name = download_.name, .size = download_.size},
                       limits_, part, progress_);
      if (result.outcome == TransferOutcome::complete) {
        if (!download_.size || part.size() >= *download_.size) return {};
      }
      const std::string why =
          !result.why.empty()
              ? result.why
              : fmt::format("expected {} bytes, found {}", download_.size.value_or(0), part.size());
      if (result.outcome == TransferOutcome::refused) return {.why = why};
      if (result.outcome == TransferOutcome::unreachable) return {.why = why, .unreachable = true};
      const bool gained = part.size() > most;
      fruitless = gained ? 0 : fruitless + 1;
      pause = gained ? limits_.pause : std::min(2 * pause, kLongestPause);
      most = std::max(most, part.size());
      resumed_ = resumed_ || part.size() > 0;
      if (fruitless >= limits_.fruitless_attempts || attempt >= limits_.attempts) {
        return {.why = fmt::format("{} (after {} attempts)", why, attempt)};
      }
      progress_.note(fmt::format("{}: {}; going on from byte {}", address_, why, part.size()));
      pause_for(pause, "waiting to go on with " + download_.name, progress_);
    }
  }

  std::optional<std::string> finish(const Acceptance& accept) {
    PartialFile part(download_.target);
    if (auto why = wrong_bytes(download_, part.path(), progress_)) {
      part.remove();
      return why;
    }
    part.move_to_target();
    auto why = accept(download_.target);
    std::error_code ignored;
    if (why) fs::remove(download_.target, ignored);
    return why;
  }

  const Download& download_;
  const std::string& address_;
  const FetchLimits& limits_;
  Progress& progress_;
  bool resumed_ = false;  // the bytes came in more than one transfer
};

}  // namespace

std::optional<FetchFailure> Fetcher::fetch(const Download& download, const Acceptance& accept) {
  FetchFailure failure;
  for (const std::string& address : download.mirrors) {
    const std::string host = host_of(address);
    MirrorVerdict verdict;
    if (const auto known = unreachable_.find(host); known != unreachable_.end()) {
      verdict.why = known->second + " (not tried again)";
    } else {
      verdict = MirrorFetch(download, address, limits_, progress_).run(accept);
    }
    if (!verdict.why) return std::nullopt;
    if (verdict.unreachable) unreachable_[host] = *verdict.why;
    failure.wrong_bytes = failure.wrong_bytes || verdict.wrong_bytes;
    failure.why += fmt::format("{}{}: {}", failure.why.empty() ? "" : "; ", address, *verdict.why);
  }
  if (download.mirrors.empty()) failure.why = download.name + ": its manifest names no mirror";
  return failure;
}

}  // namespace evalzip
