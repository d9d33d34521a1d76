// The one definition of every derived number that a report shows, with its unit and direction.
#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "reports/figures.h"

namespace evalzip {

// The user asked for a format, column or width that does not exist. The message names what was
// asked and what there is.
class ReportError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Better { higher, lower, neither };

// How a value is written, always with a decimal point, in any locale.
enum class Notation {
  grouped,       // 1,234,567: bytes
  one_place,     // 88.1
  two_places,    // 3.14
  three_places,  // 2.546
  significant    // three significant digits: 8120, 514, 51.4, 5.14, 0.514
};

struct Column {
  std::string_view name;     // as the user types it, and as machine-readable formats print it
  std::string_view title;    // of the table: "encode"
  std::string_view unit;     // "MB/s"; empty for a pure number
  std::string_view meaning;  // how it is computed, in one line
  Better better = Better::neither;
  Notation notation = Notation::significant;
  std::optional<double> (*value)(const Figures&) = nullptr;
  // 95 % interval of the value; null for columns without uncertainty.
  std::optional<Interval95> (*interval)(const Figures&) = nullptr;
};

// Every column there is. MB are 10^6 bytes.
std::span<const Column> all_columns();

// Is it measured on a machine (speed, memory), and not a function of the bytes alone?
bool is_of_machine(const Column& column);

// Throws ReportError that lists the known names.
const Column& find_column(std::string_view name);

// Title and unit on one line: "encode MB/s".
std::string full_title(const Column& column);

std::string format_value(const Column& column, double value);

// "1,234,567"
std::string format_grouped(std::uint64_t value);

}  // namespace evalzip
