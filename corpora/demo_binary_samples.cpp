// Samples that are binary: sensor floats, audio, packed records, machine code. Little-endian.
#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "corpora/demo_samples.h"
#include "corpora/demo_words.h"

namespace evalzip {
namespace {

class LittleEndian {
 public:
  explicit LittleEndian(std::uint64_t size) : size_(size) { bytes_.reserve(size + 64); }
  bool full() const { return bytes_.size() >= size_; }

  void put(std::uint64_t value, int width) {
    for (int i = 0; i < width; ++i) bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
  }
  void put_text(std::string_view text, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) {
      bytes_.push_back(i < text.size() ? static_cast<std::byte>(text[i]) : std::byte{0});
    }
  }
  std::vector<std::byte> take() {
    bytes_.resize(size_);
    return std::move(bytes_);
  }

 private:
  std::uint64_t size_;
  std::vector<std::byte> bytes_;
};

// Sum of four uniform numbers: nearly a normal distribution, without a logarithm.
std::int64_t noise(Random& random, std::int64_t spread) {
  std::int64_t sum = 0;
  for (int i = 0; i < 4; ++i) sum += random.between(-spread, spread);
  return sum / 2;
}

// A sine by integers: the rotation x -= e y, y += e x, which with both steps in turn keeps its
// ellipse for ever (M. Minsky in HAKMEM, MIT AI Memo 239, 1972, item 149). e = step / 2^20.
class Oscillator {
 public:
  void start(std::int64_t step, std::int64_t amplitude) {
    step_ = step;
    x_ = amplitude;
    y_ = 0;
  }
  std::int64_t next() {
    x_ -= (y_ * step_) >> 20;
    y_ += (x_ * step_) >> 20;
    return x_;
  }
  // Lets the sound die away: both coordinates shrink by 2^-`shift`.
  void decay(int shift) {
    x_ -= x_ >> shift;
    y_ -= y_ >> shift;
  }

 private:
  std::int64_t step_ = 0, x_ = 0, y_ = 0;
};

}  // namespace

// Readings of a 24-bit converter stored as float32: the conversion is exact, every bit of the
// significand is used, and the lowest bits are noise, as with seismometers.
std::vector<std::byte> sample_sensor_f32(std::uint64_t size) {
  Random random(0x663332);
  LittleEndian out(size);
  std::array<Oscillator, 3> axes;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    axes[i].start(2000 + 900 * static_cast<std::int64_t>(i), 1 << 20);
  }
  std::int64_t temperature = 5'000'000;
  const auto put = [&](std::int64_t reading) {
    out.put(std::bit_cast<std::uint32_t>(static_cast<float>(reading)), 4);
  };
  while (!out.full()) {
    for (Oscillator& axis : axes) put(axis.next() + noise(random, 120));
    temperature += random.between(-40, 40);
    put(temperature);
  }
  return out.take();
}

// A tune of plucked notes: three partials each, dying away, with a little hiss.
std::vector<std::byte> sample_audio_s16(std::uint64_t size) {
  Random random(0x733136);
  LittleEndian out(size);
  // 2 pi f / 44100 Hz * 2^20 for the A minor pentatonic scale from 220 to 880 Hz.
  constexpr std::array<std::int64_t, 11> kScale{32867, 39087, 43873, 49245,  58563, 65734,
                                                78173, 87746, 98490, 117126, 131469};
  std::array<Oscillator, 3> partials;
  std::size_t note = 5;
  for (std::uint64_t sample = 0; !out.full(); ++sample) {
    if (sample % 11025 == 0) {
      note = static_cast<std::size_t>(
          std::clamp<std::int64_t>(static_cast<std::int64_t>(note) + random.between(-2, 2), 0, 10));
      const std::int64_t loudness = random.between(7000, 12000);
      for (std::size_t i = 0; i < partials.size(); ++i) {
        const auto harmonic = static_cast<std::int64_t>(i) + 1;
        partials[i].start(kScale[note] * harmonic, loudness * 256 / (harmonic * harmonic));
      }
    }
    std::int64_t sum = noise(random, 12) * 256;
    for (Oscillator& partial : partials) {
      sum += partial.next();
      if (sample % 8 == 0) partial.decay(9);
    }
    out.put(static_cast<std::uint64_t>(std::clamp<std::int64_t>(sum / 256, -32768, 32767)), 2);
  }
  return out.take();
}

// id u32, time u64, account u32, amount i32, currency 3 bytes, state u8, reference 8 bytes.
std::vector<std::byte> sample_ledger_records(std::uint64_t size) {
  Random random(0x6c6564676572);
  LittleEndian out(size);
  const WordPicker references(demo_vocabulary().nouns);
  std::vector<std::uint64_t> popularity;
  for (std::uint64_t rank = 1; rank <= 5000; ++rank) popularity.push_back((1u << 24) / rank);
  const WeightedChoice accounts(popularity);
  constexpr std::array<std::string_view, 4> kCurrencies{"EUR", "EUR", "USD", "GBP"};
  std::uint64_t id = 7'340'012, microseconds = 1'700'000'000'000'000;
  while (!out.full()) {
    microseconds += random.below(2'000'000);
    out.put(++id, 4);
    out.put(microseconds, 8);
    out.put(100'000 + 7919 * accounts.draw(random), 4);
    const std::int64_t amount = random.between(100, random.chance(80) ? 9'999 : 900'000);
    out.put(static_cast<std::uint64_t>(random.chance(25) ? -amount : amount), 4);
    out.put_text(kCurrencies[random.below(kCurrencies.size())], 3);
    out.put(random.chance(90) ? 1 : random.below(6), 1);
    out.put_text(references.pick(random), 8);
  }
  return out.take();
}

namespace {

// Instruction words in the layout of RISC-V (opcode 7 bits, rd 5, funct3 3, rs1 5, rs2 5, funct7
// 7), put together as compilers do: functions with prologue, body of idioms, and epilogue.
class CodeWriter {
 public:
  CodeWriter(LittleEndian& out, Random& random) : out_(out), random_(random) {}

  void function() {
    const std::uint64_t frame = 16 * (1 + random_.below(6)), saved = 1 + random_.below(3);
    entries_.push_back(address_);
    immediate(0x13, 2, 0, 2, 0 - frame);  // addi sp, sp, -frame
    for (std::uint64_t i = 0; i <= saved; ++i) store(frame - 8 * (i + 1), i == 0 ? 1 : 7 + i);
    for (std::uint64_t left = 4 + random_.below(40); left > 0; --left) idiom();
    for (std::uint64_t i = 0; i <= saved; ++i) {
      immediate(0x03, i == 0 ? 1 : 7 + i, 3, 2, frame - 8 * (i + 1));
    }
    immediate(0x13, 2, 0, 2, frame);
    immediate(0x67, 0, 0, 1, 0);  // ret
  }

 private:
  void word(std::uint64_t bits) {
    out_.put(bits, 4);
    address_ += 4;
  }
  void immediate(std::uint64_t opcode, std::uint64_t rd, std::uint64_t funct, std::uint64_t rs,
                 std::uint64_t value) {
    word(opcode | rd << 7 | funct << 12 | rs << 15 | (value & 0xfff) << 20);
  }
  void store(std::uint64_t offset, std::uint64_t rs) {
    word(0x23 | (offset & 31) << 7 | 3u << 12 | 2u << 15 | rs << 20 | (offset >> 5 & 127) << 25);
  }
  void alu(std::uint64_t rd, std::uint64_t a, std::uint64_t b) {
    const std::uint64_t funct = random_.chance(60) ? 0 : random_.below(8);
    word(0x33 | rd << 7 | funct << 12 | a << 15 | b << 20 |
         (random_.chance(15) ? 0x40000000u : 0u));
  }
  std::uint64_t fresh() {  // the argument and temporary registers, the lower ones more often
    last_ = 10 + std::min(random_.below(8), random_.below(8));
    return last_;
  }
  void branch() {
    const std::uint64_t offset = 4 * (1 + random_.below(24));
    word(0x63 | (offset >> 1 & 15) << 8 | random_.below(2) << 12 | last_ << 15 |
         (offset >> 5 & 63) << 25);
  }
  void call() {
    // Callees near in age are called more often, so far targets are rare.
    const std::uint64_t age =
        std::min(random_.below(entries_.size()), random_.below(entries_.size()));
    const std::uint64_t offset = entries_[entries_.size() - 1 - age] - address_;
    word(0x6f | 1u << 7 | (offset >> 12 & 255) << 12 | (offset >> 11 & 1) << 20 |
         (offset >> 1 & 1023) << 21 | (offset >> 20 & 1) << 31);
  }
  void idiom() {
    const std::uint64_t kind = random_.below(100), rd = fresh(), other = fresh();
    if (kind < 30) {
      const std::uint64_t base = 8 + random_.below(2);
      immediate(0x03, rd, 3, base, 8 * random_.below(24));  // ld
      if (random_.chance(60))
        immediate(0x13, rd, 0, rd, random_.chance(50) ? 1 : random_.below(256));
    } else if (kind < 55) {
      alu(rd, other, rd);
    } else if (kind < 72) {
      immediate(0x13, rd, random_.chance(70) ? 0 : 7, other, 0);
      branch();
    } else if (kind < 84) {  // lui, addi: the address of a constant
      word(0x37 | rd << 7 | (0x10 + random_.below(12)) << 12);
      immediate(0x13, rd, 0, rd, 8 * random_.below(256));
    } else if (kind < 94) {
      call();
    } else {
      store(8 * random_.below(12), rd);
    }
  }

  LittleEndian& out_;
  Random& random_;
  std::uint64_t address_ = 0x10000, last_ = 10;
  std::vector<std::uint64_t> entries_;
};

}  // namespace

std::vector<std::byte> sample_machine_code(std::uint64_t size) {
  Random random(0x636f6465);
  LittleEndian out(size);
  CodeWriter writer(out, random);
  while (!out.full()) writer.function();
  return out.take();
}

}  // namespace evalzip
