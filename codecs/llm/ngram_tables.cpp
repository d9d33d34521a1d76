#include "codecs/llm/ngram_tables.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <string>

#include "codecs/llm/model_error.h"

namespace evalzip {
namespace {

constexpr unsigned kWord = 0, kFirstOrder = 2, kLastOrder = 8;
constexpr unsigned kMostBits = 24;
constexpr std::size_t kMostPart = 1024;  // numbers of a table's row

std::string tensor_name(unsigned order) {
  return order == kWord ? "ngram_embd.word.weight" : fmt::format("ngram_embd.{}.weight", order);
}

// The shorter orders first, then words.
std::vector<unsigned> orders() {
  std::vector<unsigned> all;
  for (unsigned order = kFirstOrder; order <= kLastOrder; ++order) all.push_back(order);
  all.push_back(kWord);
  return all;
}

unsigned lower(unsigned byte) { return byte >= 'A' && byte <= 'Z' ? byte + 32 : byte; }
bool is_letter(unsigned byte) { return (byte >= 'a' && byte <= 'z') || byte >= 128; }

// The letters behind the last other byte; just after one, the word before it and that byte.
std::uint64_t word_so_far(std::uint64_t recent) {
  const auto last = static_cast<unsigned>(recent & 255);
  const bool ends = !is_letter(lower(last));
  std::uint64_t rest = ends ? recent >> 8 : recent, word = 0;
  for (unsigned back = 0; back < 8; ++back, rest >>= 8) {
    const unsigned byte = lower(static_cast<unsigned>(rest & 255));
    if (!is_letter(byte)) break;
    word |= std::uint64_t{byte} << 8 * back;
  }
  return ends ? word | std::uint64_t{last} << 56 : word;
}

}  // namespace

NgramTables::NgramTables(const WeightReader& reader, const ModelFile& file, std::size_t width) {
  std::size_t used = 0;
  for (const unsigned order : orders()) {
    const std::string name = tensor_name(order);
    if (!reader.has(name)) continue;
    const TensorView& found = file.tensor(name);
    const std::uint64_t rows = found.rows(), part = found.columns();
    if (rows < 2 || !std::has_single_bit(rows) || rows >> kMostBits > 0 || part > kMostPart) {
      throw ModelError(
          fmt::format("{}: {} has {} rows of {}, where 2 to 2^{} rows, a power of 2, "
                      "of at most {} are supported",
                      file.name(), name, rows, part, kMostBits, kMostPart));
    }
    const TensorView& tensor = reader.matrix(name, rows, part);
    tables_.push_back({&tensor, order, static_cast<unsigned>(std::countr_zero(rows))});
    used += part;
  }
  if (used > width) {
    throw ModelError(
        fmt::format("{}: tables of n-grams have rows of {} numbers together, where "
                    "the model is {} wide",
                    file.name(), used, width));
  }
}

void NgramTables::add_to(std::span<float> row, std::uint64_t recent,
                         const WeightReader& reader) const {
  std::array<float, kMostPart> part;
  std::size_t begin = 0;
  for (const Table& table : tables_) {
    const std::span<float> values = std::span(part).first(table.tensor->columns());
    reader.read_row(*table.tensor, row_of(recent, table.order, table.bits), values);
    for (std::size_t i = 0; i < values.size(); ++i) row[begin + i] += values[i];
    begin += values.size();
  }
}

std::size_t NgramTables::row_of(std::uint64_t recent, unsigned order, unsigned bits) {
  constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15;
  const std::uint64_t context =
      order == kWord ? word_so_far(recent) : recent & ~std::uint64_t{0} >> (64 - 8 * order);
  return context * kMultiplier >> (64 - bits);
}

std::uint64_t NgramTables::bytes(const ModelFile& file) {
  std::uint64_t bytes = 0;
  for (const unsigned order : orders()) {
    const TensorView* tensor = file.find_tensor(tensor_name(order));
    if (tensor != nullptr) bytes += tensor->bytes.size();
  }
  return bytes;
}

}  // namespace evalzip
