// Small files of pictures and sound, made to be found by their headers.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace evalzip {

using Values = std::vector<std::uint8_t>;

// Numbers that rise and fall slowly, each of some bytes, the lowest first.
inline Values smooth_samples(std::size_t number, unsigned bytes) {
  Values values;
  std::uint64_t state = 12345;
  std::int64_t value = 100, slope = 0;
  for (std::size_t i = 0; i < number; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    slope = i % 64 == 0 ? static_cast<std::int64_t>(state >> 62) - 1 : slope;
    value = value + slope > 20 && value + slope < 220 ? value + slope : value;
    for (unsigned k = 0; k < bytes; ++k) {
      values.push_back(static_cast<std::uint8_t>((value * (bytes > 1 ? 37 : 1)) >> 8 * k));
    }
  }
  return values;
}

// The same with a noise on its lowest bits, and far from zero.
inline Values rough_samples(std::size_t number, unsigned bytes) {
  Values values;
  std::uint64_t state = 99;
  std::uint32_t value = 20'000;
  for (std::size_t i = 0; i < number; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    value = 20'000 + (value - 20'000) * 15 / 16 + static_cast<std::uint32_t>(state >> 54);
    for (unsigned k = 0; k < bytes; ++k)
      values.push_back(static_cast<std::uint8_t>(value >> 8 * k));
  }
  return values;
}

inline void put(Values& to, std::uint64_t number, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) to.push_back(static_cast<std::uint8_t>(number >> 8 * i));
}

inline void put(Values& to, std::string_view text) {
  for (const char c : text) to.push_back(static_cast<std::uint8_t>(c));
}

inline void put_samples(Values& to, std::size_t bytes) {
  Values samples = smooth_samples(bytes, 1);
  to.insert(to.end(), samples.begin(), samples.end());
}

inline Values bitmap_file(std::uint32_t columns, std::uint32_t rows, unsigned bits) {
  const std::uint32_t width = (columns * bits / 8 + 3) / 4 * 4;
  Values file;
  put(file, "BM");
  put(file, 54 + width * rows, 4);
  put(file, 0, 4);
  put(file, 54, 4);
  put(file, 40, 4);
  put(file, columns, 4);
  put(file, rows, 4);
  put(file, 1, 2);
  put(file, bits, 2);
  file.resize(54);
  put_samples(file, std::size_t{width} * rows);
  return file;
}

inline Values portable_map(std::string_view header, std::uint32_t columns, std::uint32_t rows,
                           unsigned bytes) {
  Values file;
  put(file, header);
  put_samples(file, std::size_t{columns} * rows * bytes);
  return file;
}

// A field of a TIFF directory, of shorts; where there are more than two, `value` is their place.
struct TaggedField {
  unsigned tag;
  std::uint32_t value, count = 1;
};

// Samples begin at byte 128.
inline Values tagged_file(const std::vector<TaggedField>& fields, std::size_t sample_bytes) {
  Values file;
  put(file, std::string_view("II*\0\x08\0\0\0", 8));
  put(file, fields.size(), 2);
  for (const TaggedField& field : fields) {
    put(file, field.tag, 2);
    put(file, 3, 2);
    put(file, field.count, 4);
    put(file, field.value, 4);
  }
  file.resize(128);
  put_samples(file, sample_bytes);
  return file;
}

inline Values tagged_file(std::uint32_t columns, std::uint32_t rows, unsigned channels,
                          unsigned bits) {
  return tagged_file(
      {{256, columns}, {257, rows}, {258, bits}, {259, 1}, {273, 128}, {277, channels}},
      std::size_t{columns} * rows * channels * bits / 8);
}

inline Values targa_file(std::uint32_t columns, std::uint32_t rows, unsigned bits) {
  Values file{0, 0, 2};
  file.resize(12);
  put(file, columns, 2);
  put(file, rows, 2);
  put(file, bits, 1);
  put(file, 0, 1);
  put_samples(file, std::size_t{columns} * rows * bits / 8);
  return file;
}

inline Values wave_file(std::uint32_t frames, unsigned channels, unsigned bits) {
  const std::uint32_t size = frames * channels * bits / 8;
  Values file;
  put(file, "RIFF");
  put(file, 36 + size, 4);
  put(file, "WAVEfmt ");
  put(file, 16, 4);
  put(file, 1, 2);
  put(file, channels, 2);
  put(file, 48'000, 4);
  put(file, 48'000 * channels * bits / 8, 4);
  put(file, channels * bits / 8, 2);
  put(file, bits, 2);
  put(file, "data");
  put(file, size, 4);
  put_samples(file, size);
  return file;
}

inline Values dicom_file(std::uint32_t columns, std::uint32_t rows) {
  Values file;
  const auto element = [&](unsigned group, unsigned number, unsigned value) {
    put(file, group, 2);
    put(file, number, 2);
    put(file, 2, 4);
    put(file, value, 2);
  };
  element(0x28, 0x02, 1);
  element(0x28, 0x10, rows);
  element(0x28, 0x11, columns);
  element(0x28, 0x100, 16);
  element(0x28, 0x103, 0);
  put(file, 0x7fe0, 2);
  put(file, 0x10, 2);
  put(file, std::uint64_t{2} * columns * rows, 4);
  put_samples(file, std::size_t{2} * columns * rows);
  return file;
}

inline Values nifti_file(std::uint32_t columns, std::uint32_t rows) {
  Values file(352);
  const auto set = [&](std::size_t place, std::uint32_t value) {
    for (std::size_t i = 0; i < 4 && value >> 8 * i != 0; ++i) {
      file[place + i] = static_cast<std::uint8_t>(value >> 8 * i);
    }
  };
  set(0, 348);
  set(40, 2);
  set(42, columns);
  set(44, rows);
  set(70, 4);
  set(72, 16);
  set(108, 0x43b00000);  // 352 in binary32
  set(344, 'n' | '+' << 8 | '1' << 16);
  put_samples(file, std::size_t{2} * columns * rows);
  return file;
}

}  // namespace evalzip
