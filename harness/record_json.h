// Run <-> JSON. The format is docs/record_format.md; docs/run.schema.json checks it.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include "harness/record.h"

namespace evalzip {

// The text is not a run. The message says where and what.
class RecordError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws RecordError on malformed JSON, a missing or mistyped field, a number out of range, or a
// schema newer than this program's. Unknown fields are ignored. Text with kSpareBytes of capacity
// to spare is read in place, other text is copied first.
inline constexpr std::size_t kSpareBytes = 64;
Run parse_run(const std::string& json);

// Pretty-printed, ends with a newline. Same run, same bytes. Throws RecordError for a run that
// could not be read back: a number that is not finite or negative, samples that are not parallel,
// an `ok` record without its size.
std::string format_run(const Run& run);

// One record on one line, without a newline: a journal entry. Errors as above.
Record parse_record(std::string_view json);
std::string format_record(const Record& record);

// The settings of a run on one line, without a newline. Errors as above.
Settings parse_settings(std::string_view json);
std::string format_settings(const Settings& settings);

}  // namespace evalzip
