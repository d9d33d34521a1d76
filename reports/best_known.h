// The shortest code known of each document: what the best codec of the run makes of it.
#pragma once

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

 private:
  std::map<std::pair<std::string, std::string>, double> bits_;  // by corpus and document
};

}  // namespace evalzip
