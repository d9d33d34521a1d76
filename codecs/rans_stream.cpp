#include "codecs/rans_stream.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

namespace evalzip {
namespace {

using InputBytes = std::span<const std::uint8_t>;

constexpr int kLanesOfCode[] = {4, 32, 64, 128};
constexpr int kMostVarintBytes = 5;
constexpr std::size_t kSmallestBlock = std::size_t{64} << 10;  // but for the last

std::uint8_t lanes_code(int lanes) {
  return static_cast<std::uint8_t>(std::ranges::find(kLanesOfCode, lanes) - kLanesOfCode);
}

// LEB128: seven bits a byte, low ones first, the top bit set on all bytes but the last.
void append_varint(std::uint64_t value, std::vector<std::uint8_t>& bytes) {
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<std::uint8_t>(value | 0x80));
  bytes.push_back(static_cast<std::uint8_t>(value));
}

std::optional<std::uint64_t> take_varint(InputBytes& bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < kMostVarintBytes; ++i) {
    if (bytes.empty()) return std::nullopt;
    const std::uint8_t byte = bytes.front();
    bytes = bytes.subspan(1);
    value |= std::uint64_t{byte & 0x7fu} << (7 * i);
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

void append_head(const RansBlock& block, std::vector<std::uint8_t>& bytes) {
  bytes.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(block.form) |
                                            lanes_code(block.lanes) << 2 | block.bits << 4));
  append_varint(block.size, bytes);
}

void append_stored_head(std::size_t size, std::vector<std::uint8_t>& bytes) {
  RansBlock stored;
  stored.size = size;
  append_head(stored, bytes);
}

// A span being filled from the front.
class Sink {
 public:
  explicit Sink(std::span<std::uint8_t> room) : room_(room) {}
  bool append(InputBytes bytes) {
    if (room_.size() - size_ < bytes.size()) return false;
    if (!bytes.empty()) std::memcpy(room_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
    return true;
  }
  std::size_t size() const { return size_; }

 private:
  std::span<std::uint8_t> room_;
  std::size_t size_ = 0;
};

bool append_run(const RansBlock& block, InputBytes input, Sink& sink) {
  std::vector<std::uint8_t> run;
  append_head(block, run);
  run.push_back(input.front());
  return sink.append(run);
}

bool append_stored(InputBytes input, Sink& sink) {
  std::vector<std::uint8_t> head;
  append_stored_head(input.size(), head);
  return sink.append(head) && sink.append(input);
}

std::optional<RansBlock> take_head(InputBytes& input, std::size_t most) {
  if (input.empty()) return std::nullopt;
  const std::uint8_t first = input.front();
  input = input.subspan(1);
  const auto size = take_varint(input);
  if (!size || *size == 0 || *size > most) return std::nullopt;
  RansBlock block;
  block.size = static_cast<std::size_t>(*size);
  block.form = static_cast<RansForm>(first & 3);
  block.lanes = kLanesOfCode[first >> 2 & 3];
  block.bits = first >> 4;
  return block;
}

std::optional<RansPayload> take_payload(InputBytes& input, int lanes) {
  const auto words = take_varint(input);
  const std::size_t states_size = 4 * static_cast<std::size_t>(lanes);
  if (!words || input.size() < states_size || *words > (input.size() - states_size) / 2) {
    return std::nullopt;
  }
  RansPayload payload;
  for (int lane = 0; lane < lanes; ++lane) {
    const std::uint8_t* const at = input.data() + 4 * lane;
    payload.states[lane] = rans_word(at) | rans_word(at + 2) << 16;
  }
  const std::size_t words_size = 2 * static_cast<std::size_t>(*words);
  payload.words = input.subspan(states_size, words_size);
  input = input.subspan(states_size + words_size);
  return payload;
}

// The content of a stored block or a run.
bool take_plain(InputBytes& input, const RansBlock& block, std::span<std::uint8_t> output) {
  const std::size_t size = block.form == RansForm::run ? 1 : block.size;
  if (input.size() < size) return false;
  if (block.form == RansForm::run) {
    std::memset(output.data(), input.front(), block.size);
  } else {
    std::memcpy(output.data(), input.data(), size);
  }
  input = input.subspan(size);
  return true;
}

}  // namespace

std::size_t RansStream::bound(std::size_t size) {
  return size + (1 + kMostVarintBytes) * (size / kSmallestBlock + 1);
}

// All of a coded block but its words.
std::vector<std::uint8_t> RansStream::coded_head(const RansBlock& block,
                                                 const RansPayload& payload) {
  std::vector<std::uint8_t> head;
  append_head(block, head);
  if (block.form == RansForm::order1) {
    write_rows(*block.rows, block.bits, tables_, head);
  } else {
    write_frequencies(block.frequencies, block.bits, tables_, head);
  }
  append_varint(payload.words.size() / 2, head);
  for (int lane = 0; lane < block.lanes; ++lane) {
    for (int shift = 0; shift < 32; shift += 8) {
      head.push_back(static_cast<std::uint8_t>(payload.states[lane] >> shift));
    }
  }
  return head;
}

Result<std::size_t> RansStream::encode(InputBytes input, std::span<std::uint8_t> output) {
  planner_.start();
  Sink sink(output);
  const auto append = [&](const RansBlock& block, InputBytes symbols) {
    if (block.form == RansForm::stored) return append_stored(symbols, sink);
    if (block.form == RansForm::run) return append_run(block, symbols, sink);
    const RansPayload payload = coder_.encode(block, symbols);
    const std::vector<std::uint8_t> head = coded_head(block, payload);
    if (head.size() + payload.words.size() >= symbols.size()) return append_stored(symbols, sink);
    return sink.append(head) && sink.append(payload.words);
  };
  while (!input.empty()) {
    const RansBlock block = planner_.next(input).block;
    if (!append(block, input.first(block.size))) return Fault::output_too_small;
    input = input.subspan(block.size);
  }
  return sink.size();
}

bool RansStream::take_tables(InputBytes& input, RansBlock& block) {
  if (block.form == RansForm::order1) {
    block.rows = &rows_;
    return block.bits >= kRansLeastBits && block.bits <= kRansMostBits1 &&
           read_rows(input, block.bits, rows_);
  }
  return block.bits >= kRansLeastBits && block.bits <= kRansMostBits &&
         read_frequencies(input, block.bits, block.frequencies);
}

bool RansStream::take_block(InputBytes& input, RansBlock& block, std::span<std::uint8_t> output) {
  if (block.form == RansForm::stored || block.form == RansForm::run) {
    return take_plain(input, block, output);
  }
  if (!take_tables(input, block)) return false;
  const auto payload = take_payload(input, block.lanes);
  return payload && coder_.decode(block, *payload, output);
}

Result<std::size_t> RansStream::decode(InputBytes input, std::span<std::uint8_t> output) {
  const std::size_t size = output.size();
  while (!output.empty()) {
    std::optional<RansBlock> block = take_head(input, output.size());
    if (!block || !take_block(input, *block, output.first(block->size))) {
      return Fault::corrupt_input;
    }
    output = output.subspan(block->size);
  }
  if (!input.empty()) return Fault::corrupt_input;
  return size;
}

double RansStream::ideal_bits(InputBytes input) {
  planner_.start();
  double bits = 0;
  while (!input.empty()) {
    const PlannedBlock plan = planner_.next(input);
    bits += plan.ideal_bits;
    input = input.subspan(plan.block.size);
  }
  return bits;
}

}  // namespace evalzip
