#include "harness/json_document.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/record_json.h"
#include "harness/utf8.h"

namespace evalzip {
namespace {

constexpr std::size_t kDeepestNesting = 16;
constexpr std::size_t kLongestQuote = 300;  // bytes of a message that quotes its input

// Builds the value from the parser's events. A frame is a container that is still open.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(std::string_view text) : text_(text) {}

  nlohmann::json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(std::int64_t value) override { return add(value); }
  bool number_unsigned(std::uint64_t value) override { return add(value); }
  bool number_float(double value, const std::string&) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(nlohmann::json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(nlohmann::json::object()); }
  bool start_array(std::size_t) override { return open(nlohmann::json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    if (frames_.back().value->contains(name)) {
      throw RecordError(fmt::format("{} has the key '{}' twice", where(), text_from_bytes(name)));
    }
    frames_.back().key = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception& error) override {
    const std::string_view before = text_.substr(0, position > 0 ? position - 1 : 0);
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    throw RecordError(fmt::format("line {} column {}: {}", std::ranges::count(before, '\n') + 1,
                                  before.size() - line_start + 1, reason(error.what())));
  }

 private:
  struct Frame {
    nlohmann::json* value;
    std::string key;  // of the member being read, in an object
  };

  // The library's message without its code and its own account of the place.
  static std::string reason(std::string_view what) {
    for (const std::string_view prefix : {"] ", "parse error at ", ": "}) {
      const std::size_t at = what.find(prefix);
      if (at != what.npos && at < 80) what.remove_prefix(at + prefix.size());
    }
    return text_from_bytes(what.substr(0, kLongestQuote));
  }

  nlohmann::json* place(nlohmann::json value) {
    if (frames_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Frame& frame = frames_.back();
    if (frame.value->is_array()) {
      frame.value->push_back(std::move(value));
      return &frame.value->back();
    }
    nlohmann::json& member = (*frame.value)[frame.key];
    member = std::move(value);
    return &member;
  }

  bool add(nlohmann::json value) {
    place(std::move(value));
    return true;
  }

  bool open(nlohmann::json container) {
    if (frames_.size() == kDeepestNesting) {
      throw RecordError(fmt::format("{} is nested deeper than {}", where(), kDeepestNesting));
    }
    nlohmann::json* const placed = place(std::move(container));
    frames_.push_back({placed, {}});
    return true;
  }

  bool close() {
    frames_.pop_back();
    return true;
  }

  // Path of the innermost open container: "records[3]".
  std::string where() const {
    std::string path;
    for (std::size_t i = 0; i + 1 < frames_.size(); ++i) {
      const Frame& frame = frames_[i];
      path += frame.value->is_array()
                  ? fmt::format("[{}]", frame.value->size() - 1)
                  : fmt::format("{}{}", path.empty() ? "" : ".", text_from_bytes(frame.key));
    }
    return path.empty() ? "the JSON" : path;
  }

  std::string_view text_;
  nlohmann::json root_;
  std::vector<Frame> frames_;
};

}  // namespace

nlohmann::json parse_json_document(std::string_view text) {
  Builder builder(text);
  nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

}  // namespace evalzip
