#include "codecs/tensors/near_rows.h"

#include <algorithm>
#include <array>

#include "codecs/tensors/number_difference.h"

namespace evalzip {
namespace {

constexpr std::size_t kSampledRows = 16, kGlanceBytes = 32, kSampledBytes = 256;
// Fewer near rows are not worth looking at all rows, nor statistics of their own.
constexpr unsigned kFewestPartners = 2;
constexpr std::size_t kFewestRows = 8;

// Bits of a number into which the differences of a class fit on average, for each byte of the
// number.
constexpr std::array<double, 3> kMostBitsAByte{1, 2, 3.5};

// About what a row costs that is coded for itself.
constexpr double kPlainBitsAByte = 5;

std::uint8_t class_of(double bits_a_byte) {
  const auto found = std::ranges::lower_bound(kMostBitsAByte, bits_a_byte);
  if (found == kMostBitsAByte.end()) return kPlainRow;
  return static_cast<std::uint8_t>(kNearestRow + (found - kMostBitsAByte.begin()));
}

double bits_a_byte(const NumberFormat& numbers, Bytes row, Bytes pattern) {
  return static_cast<double>(difference_bits(numbers, row, pattern)) /
         static_cast<double>(row.size());
}

// How near sampled rows are to each other, by their first bytes. Which of two is taken from the
// other makes no difference to speak of.
class SampledRows {
 public:
  SampledRows(const NumberFormat& numbers, Bytes rows, std::size_t row_bytes,
              std::size_t compared_bytes)
      : count_(rows.size() / row_bytes) {
    const std::size_t compared =
        std::min(row_bytes, compared_bytes) / numbers.block_bytes * numbers.block_bytes;
    const auto beginning = [&](std::size_t i) {
      return rows.subspan(place(i) * row_bytes, compared);
    };
    for (std::size_t i = 0; i < kSampledRows; ++i) {
      for (std::size_t j = i + 1; j < kSampledRows; ++j) {
        add(i, j, bits_a_byte(numbers, beginning(j), beginning(i)));
      }
    }
  }

  // The row to which the others are nearest; absent if none has enough near ones.
  std::optional<std::size_t> centre() const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < kSampledRows; ++i) {
      if (partners_[i] >= kFewestPartners && (!best || bits_[i] < bits_[*best])) best = i;
    }
    return best ? std::optional(place(*best)) : std::nullopt;
  }

 private:
  std::size_t place(std::size_t i) const { return i * (count_ - 1) / (kSampledRows - 1); }

  void add(std::size_t i, std::size_t j, double apart) {
    for (const std::size_t each : {i, j}) {
      partners_[each] += class_of(apart) != kPlainRow;
      bits_[each] += std::min(apart, kPlainBitsAByte);
    }
  }

  std::size_t count_;
  std::array<unsigned, kSampledRows> partners_{};
  std::array<double, kSampledRows> bits_{};
};

}  // namespace

std::optional<NearRows> find_near_rows(const NumberFormat& numbers, Bytes rows,
                                       std::size_t row_bytes) {
  const std::size_t count = rows.size() / row_bytes;
  if (count < 2 * kSampledRows) return std::nullopt;
  // Most matrices have no such rows: a glance tells.
  if (!SampledRows(numbers, rows, row_bytes, kGlanceBytes).centre()) return std::nullopt;
  const auto pattern = SampledRows(numbers, rows, row_bytes, kSampledBytes).centre();
  if (!pattern) return std::nullopt;
  NearRows near{.pattern = *pattern, .classes = std::vector<std::uint8_t>(count)};
  const Bytes like = rows.subspan(*pattern * row_bytes, row_bytes);
  for (std::size_t i = 0; i < count; ++i) {
    if (i == *pattern) continue;
    near.classes[i] = class_of(bits_a_byte(numbers, rows.subspan(i * row_bytes, row_bytes), like));
  }
  const auto plain = std::ranges::count(near.classes, kPlainRow);
  if (near.classes.size() - static_cast<std::size_t>(plain) < kFewestRows) return std::nullopt;
  return near;
}

}  // namespace evalzip
