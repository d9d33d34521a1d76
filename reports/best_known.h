// The shortest code known of each document: what the best codec of the run makes of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "harness/record.h"

namespace evalzip {

// Of verified encodings of whole documents, of the code lengths under codecs' own models, and of
// context-tree weighting where it was worked out. Weights of models are not counted.
class BestKnown {
 public:
  explicit BestKnown(const Run& run);

  // In bits, of the record's document. Absent for estimates, and where nothing is known.
  std::optional<double> bits(const Record& record) const;
  // The shortest encoding that needs no model beside it, in bytes.
  std::optional<std::uint64_t> bytes_without_model(const Record& record) const;

 private:
  using Document = std::pair<std::string, std::string>;  // corpus and name

  std::map<Document, double> bits_;
  std::map<Document, std::uint64_t> without_model_;
};

}  // namespace evalzip
