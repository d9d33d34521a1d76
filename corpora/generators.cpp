#include "corpora/generators.h"

#include <memory>
#include <utility>

#include "corpora/demo_samples.h"
#include "corpora/synthetic.h"

namespace evalzip {
namespace {

Generator known(std::string_view name, std::string_view what,
                const std::shared_ptr<const Source>& source, std::uint64_t seed) {
  return {.name = name,
          .what = what,
          .generate = [source, seed](std::uint64_t size) { return source->generate(size, seed); },
          .entropy_bits = [source](std::uint64_t size) { return source->entropy_bits(size); }};
}

Generator sample(std::string_view name, std::string_view what,
                 std::vector<std::byte> (*generate)(std::uint64_t)) {
  return {.name = name, .what = what, .generate = generate, .entropy_bits = nullptr};
}

template <class T>
std::shared_ptr<const Source> shared(T source) {
  return std::make_shared<const T>(std::move(source));
}

}  // namespace

std::vector<Generator> all_generators() {
  return {
      known("uniform", "independent uniform bytes", shared(uniform_source()), 1),
      known("skewed", "independent, four symbols, one in 15/16", shared(skewed_source()), 2),
      known("zipf", "independent, Zipf's law over 256 bytes", shared(zipf_source()), 3),
      known("markov-1", "Markov chain of order 1, 64 symbols", shared(MarkovSource(1, 64, 11)), 4),
      known("markov-2", "Markov chain of order 2, 16 symbols", shared(MarkovSource(2, 16, 12)), 5),
      known("markov-3", "Markov chain of order 3, 8 symbols", shared(MarkovSource(3, 8, 13)), 7),
      known("hidden-markov", "hidden Markov chain of 2 states, 4 symbols", shared(bursty_source()),
            8),
      known("periodic", "a random block of 1021 bytes, repeated", shared(PeriodicSource(1021)), 6),
      sample("prose", "English-like prose by a grammar", sample_prose),
      sample("orders", "JSON, one order a line", sample_orders_json),
      sample("access-log", "a web server's log", sample_access_log),
      sample("stations", "CSV of weather readings", sample_stations_csv),
      sample("sensor-f32", "sensor readings, float32", sample_sensor_f32),
      sample("audio-s16", "plucked notes, 16-bit samples", sample_audio_s16),
      sample("ledger", "packed 32-byte records", sample_ledger_records),
      sample("machine-code", "32-bit instruction words", sample_machine_code),
  };
}

}  // namespace evalzip
