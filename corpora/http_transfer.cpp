#include "corpora/http_transfer.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <string_view>

#include "corpora/corpus.h"

namespace evalzip {
namespace {

struct HandleDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

constexpr long kOk = 200, kPartialContent = 206, kRangeNotSatisfiable = 416;

// What libcurl's callbacks share. An exception must not cross libcurl's C frames, so it waits here.
struct Session {
  const Transfer& transfer;
  PartialFile& part;
  Progress& progress;
  CURL* handle;
  std::uint64_t resumed_from;
  bool body_started = false;
  std::string entity_tag, last_modified;
  std::optional<std::uint64_t> range_start;
  std::string refusal;
  std::exception_ptr failure;
};

long status_of(CURL* handle) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
    text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
    text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> range_start_of(std::string_view content_range) {
  constexpr std::string_view kUnit = "bytes ";
  if (!content_range.starts_with(kUnit)) return std::nullopt;
  content_range.remove_prefix(kUnit.size());
  const std::size_t digits = content_range.find_first_not_of("0123456789");
  if (digits == 0 || digits > 18) return std::nullopt;
  return std::stoull(std::string(content_range.substr(0, digits)));
}

// Called per header line; redirects send several sets of headers, so a status line starts anew.
std::size_t on_header(char* text, std::size_t, std::size_t size, void* pointer) {
  auto& session = *static_cast<Session*>(pointer);
  const std::string_view line(text, size);
  if (line.starts_with("HTTP/")) {
    session.entity_tag.clear();
    session.last_modified.clear();
    session.range_start.reset();
    return size;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string key(line.substr(0, colon));
  std::transform(key.begin(), key.end(), key.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (key == "etag") session.entity_tag = value;
  if (key == "last-modified") session.last_modified = value;
  if (key == "content-range") session.range_start = range_start_of(value);
  return size;
}

// Decides, at the first byte of the body, whether it goes on from the partial file or replaces it.
// False: the body is not the file.
bool begin_body(Session& session) {
  const long status = status_of(session.handle);
  if (status == kPartialContent && session.range_start == session.resumed_from) {
    // goes on where the partial file ends
  } else if (status == kOk) {
    session.part.restart();  // the server ignored Range, or has another version of the file
  } else if (status == kPartialContent) {
    session.refusal = "it sent another range than was asked for";
    return false;
  } else {
    return false;
  }
  // Only a strong tag says "the same bytes" (RFC 9110, 8.8.1); If-Range takes no weak one.
  const bool strong = !session.entity_tag.empty() && !session.entity_tag.starts_with("W/");
  session.part.set_origin(session.transfer.address,
                          strong ? session.entity_tag : session.last_modified);
  return true;
}

std::size_t take_body(Session& session, std::span<const std::byte> bytes) {
  if (!session.body_started) {
    session.body_started = true;
    if (!begin_body(session)) {
      // An error page is read to its end (a few kilobytes) so that libcurl reports its status.
      return session.refusal.empty() ? bytes.size() : 0;
    }
  } else if (const long status = status_of(session.handle);
             status != kOk && status != kPartialContent) {
    return bytes.size();
  }
  if (session.transfer.size && session.part.size() + bytes.size() > *session.transfer.size) {
    session.refusal =
        fmt::format("it sends more than the expected {} bytes", *session.transfer.size);
    return 0;
  }
  session.part.append(bytes);
  return bytes.size();
}

std::size_t on_body(char* text, std::size_t, std::size_t size, void* pointer) {
  auto& session = *static_cast<Session*>(pointer);
  try {
    return take_body(session, std::as_bytes(std::span(text, size)));
  } catch (...) {
    session.failure = std::current_exception();
    return 0;
  }
}

int on_progress(void* pointer, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& session = *static_cast<Session*>(pointer);
  curl_off_t speed = 0, announced = -1;
  curl_easy_getinfo(session.handle, CURLINFO_SPEED_DOWNLOAD_T, &speed);
  curl_easy_getinfo(session.handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
  ProgressStep step{.what = "downloading " + session.transfer.name,
                    .source = session.transfer.address,
                    .done_bytes = session.part.size(),
                    .total_bytes = session.transfer.size,
                    .bytes_per_second = static_cast<double>(speed)};
  if (!step.total_bytes && announced > 0) {
    const bool resumed = status_of(session.handle) == kPartialContent;
    step.total_bytes = static_cast<std::uint64_t>(announced) + (resumed ? session.resumed_from : 0);
  }
  try {
    advance(session.progress, step);
    return 0;
  } catch (...) {
    session.failure = std::current_exception();
    return 1;
  }
}

void set_options(CURL* handle, const FetchLimits& limits, Session& session) {
  curl_easy_setopt(handle, CURLOPT_URL, session.transfer.address.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(handle, CURLOPT_MAXREDIRS, limits.redirects);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, limits.connect_seconds);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, limits.stall_seconds);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, limits.stall_bytes_per_second);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "evalzip");
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &session);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &session);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &on_progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &session);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
}

TransferResult judge_status(const Session& session) {
  const long status = status_of(session.handle);
  if (status == kOk || status == kPartialContent) {
    // A body of 0 bytes never reached take_body(), so the partial file was not emptied there.
    if (status == kOk && !session.body_started) session.part.restart();
    return {};
  }
  if (status == kRangeNotSatisfiable && session.resumed_from > 0) {
    if (session.transfer.size) {
      return {TransferOutcome::refused, fmt::format("expected {} bytes, found at most {}",
                                                    *session.transfer.size, session.resumed_from)};
    }
    session.part.restart();  // what has come may be of an older, longer version
    return {TransferOutcome::interrupted, "it has fewer bytes than had come before"};
  }
  const bool passing = status == 408 || status == 429 || status >= 500;
  return {passing ? TransferOutcome::interrupted : TransferOutcome::refused,
          fmt::format("it answered HTTP {}", status)};
}

TransferResult judge(CURLcode code, const Session& session, const char* details) {
  if (session.failure) std::rethrow_exception(session.failure);
  if (!session.refusal.empty()) return {TransferOutcome::refused, session.refusal};
  const std::string why = *details != '\0' ? details : curl_easy_strerror(code);
  switch (code) {
    case CURLE_OK:
      return judge_status(session);
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return {TransferOutcome::unreachable, why};
    case CURLE_OPERATION_TIMEDOUT: {
      double connected = 0;
      curl_easy_getinfo(session.handle, CURLINFO_CONNECT_TIME, &connected);
      return {connected > 0 ? TransferOutcome::interrupted : TransferOutcome::unreachable, why};
    }
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return {TransferOutcome::interrupted, why};
    default:
      return {TransferOutcome::refused, why};
  }
}

}  // namespace

TransferResult run_transfer(const Transfer& transfer, const FetchLimits& limits, PartialFile& part,
                            Progress& progress) {
  if (!transfer.may_resume) part.restart();
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, HandleDeleter> handle(initialised == CURLE_OK ? curl_easy_init()
                                                                            : nullptr);
  if (!handle) throw CorpusError(CorpusError::Kind::environment, "libcurl cannot be started");
  Session session{.transfer = transfer,
                  .part = part,
                  .progress = progress,
                  .handle = handle.get(),
                  .resumed_from = part.size(),
                  .entity_tag = {},
                  .last_modified = {},
                  .range_start = {},
                  .refusal = {},
                  .failure = {}};
  set_options(handle.get(), limits, session);
  std::unique_ptr<curl_slist, ListDeleter> headers;
  const std::string range = fmt::format("{}-", session.resumed_from);
  if (session.resumed_from > 0) {
    // Not CURLOPT_RESUME_FROM: with it libcurl fails when the server ignores the range.
    curl_easy_setopt(handle.get(), CURLOPT_RANGE, range.c_str());
    if (const auto validator = part.validator(transfer.address)) {
      headers.reset(curl_slist_append(nullptr, ("If-Range: " + *validator).c_str()));
      curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    }
  }
  std::array<char, CURL_ERROR_SIZE> details{};
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, details.data());
  const CURLcode code = curl_easy_perform(handle.get());
  return judge(code, session, details.data());
}

}  // namespace evalzip
