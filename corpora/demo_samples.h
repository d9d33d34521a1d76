// The demo corpus's imitations of everyday files. Made up by us; nobody's data.
//
// Each function returns the first `size` bytes. They are integer arithmetic on seeded numbers, so
// the bytes are the same on every machine (a test pins their hashes), and are meant to compress
// about as real files of their kind do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace evalzip {

std::vector<std::byte> sample_prose(std::uint64_t size);           // English-like paragraphs
std::vector<std::byte> sample_orders_json(std::uint64_t size);     // one JSON object a line
std::vector<std::byte> sample_access_log(std::uint64_t size);      // a web server's log
std::vector<std::byte> sample_stations_csv(std::uint64_t size);    // hourly weather readings
std::vector<std::byte> sample_sensor_f32(std::uint64_t size);      // 4 channels, float32
std::vector<std::byte> sample_audio_s16(std::uint64_t size);       // one voice of music, int16
std::vector<std::byte> sample_ledger_records(std::uint64_t size);  // packed 32-byte structs
std::vector<std::byte> sample_machine_code(std::uint64_t size);    // 32-bit instruction words

}  // namespace evalzip
