#include "cli/code_table_text.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/columns.h"
#include "reports/printable.h"

namespace evalzip {
namespace {

using nlohmann::json;

std::string heading(const CodeTable& table, const std::string& name) {
  const std::string what = table.kind == CodeKind::huffman ? "canonical Huffman code"
                           : table.kind == CodeKind::rans  ? "rANS"
                                                           : "arithmetic coding";
  return fmt::format("{}: {} bytes, {} different; {}, order 0, one table for all\n",
                     printable(name), format_grouped(table.size), table.symbols.size(), what);
}

// What stands in the last columns: a word, or an interval.
std::string code_heading(const CodeTable& table) {
  if (table.kind == CodeKind::huffman) return "length  word";
  return fmt::format("  bits     low   width   of 2^{}", table.total_bits);
}

std::string code_cells(const CodeTable& table, const CodedSymbol& coded) {
  if (table.kind == CodeKind::huffman) {
    return fmt::format("{:>6}  {}", coded.length_bits, word_text(coded));
  }
  return fmt::format("{:>6.3f}  {:>6}  {:>6}", coded.length_bits, coded.low, coded.width);
}

std::string rows(const CodeTable& table) {
  std::string text = fmt::format("\n{:<8} {:>13} {:>12} {:>12} {}\n", "symbol", "count",
                                 "probability", "information", code_heading(table));
  for (const CodedSymbol& coded : table.symbols) {
    text += fmt::format("{:<8} {:>13} {:>10.4f} % {:>12.3f} {}\n", symbol_text(coded.symbol),
                        format_grouped(coded.count), 100 * coded.probability,
                        coded.information_bits, code_cells(table, coded));
  }
  return text;
}

std::string totals(const CodeTable& table) {
  const auto bytes = static_cast<double>(table.size);
  const double share =
      table.entropy_bits > 0 ? 100 * table.redundancy_bits() / table.entropy_bits : 0;
  const auto line = [](const char* what, double bits, double all) {
    return fmt::format("{:<16} {:>8.4f} bits a byte {:>15} bytes\n", what, bits,
                       format_grouped(static_cast<std::uint64_t>(std::llround(bits * all / 8))));
  };
  return fmt::format("\n{}{}{:<16} {:>8.4f} bits a byte, {:.3f} % of the entropy\n{}\n",
                     line("entropy", table.entropy_bits, bytes),
                     line("expected length", table.expected_bits, bytes), "redundancy",
                     table.redundancy_bits(), share,
                     "Tables, states and other headers come on top.");
}

json symbol_json(const CodeTable& table, const CodedSymbol& coded) {
  json object{{"symbol", coded.symbol},
              {"count", coded.count},
              {"probability", coded.probability},
              {"information_bits", coded.information_bits},
              {"length_bits", coded.length_bits}};
  if (table.symbols.size() < 2) return object;
  if (table.kind == CodeKind::huffman) {
    object["word"] = word_text(coded);
  } else {
    object["low"] = coded.low;
    object["width"] = coded.width;
  }
  return object;
}

}  // namespace

std::string symbol_text(std::uint8_t symbol) {
  if (symbol == '\n') return "0a \\n";
  if (symbol == '\r') return "0d \\r";
  if (symbol == '\t') return "09 \\t";
  if (symbol == ' ') return "20 ' '";
  if (symbol < ' ' || symbol > '~') return fmt::format("{:02x}", symbol);
  return fmt::format("{:02x} {}", symbol, static_cast<char>(symbol));
}

std::string word_text(const CodedSymbol& coded) {
  std::string word;
  for (auto later = static_cast<unsigned>(coded.length_bits); later-- > 0;) {
    word += (coded.word >> later & 1u) != 0 ? '1' : '0';
  }
  return word;
}

std::string code_table_text(const CodeTable& table, const std::string& name) {
  if (table.symbols.empty()) return printable(name) + ": empty: there is nothing to code\n";
  if (table.symbols.size() == 1) {
    return fmt::format("{}: {} bytes, all of them {}: a run, which needs no code; entropy 0\n",
                       printable(name), format_grouped(table.size),
                       symbol_text(table.symbols[0].symbol));
  }
  return heading(table, name) + rows(table) + totals(table);
}

std::string code_table_json(const CodeTable& table, const std::string& name) {
  json symbols = json::array();
  for (const CodedSymbol& coded : table.symbols) symbols.push_back(symbol_json(table, coded));
  json object{{"coder", to_string(table.kind)},
              {"file", printable(name)},
              {"bytes", table.size},
              {"entropy_bits", table.entropy_bits},
              {"expected_bits", table.expected_bits},
              {"redundancy_bits", table.redundancy_bits()},
              {"symbols", symbols}};
  if (table.total_bits != 0) object["total_bits"] = table.total_bits;
  return object.dump(2) + "\n";
}

}  // namespace evalzip
