// Codecs x corpora x settings -> one plan.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "corpora/corpus.h"
#include "harness/plan_file.h"

namespace evalzip {

class WidePlanBuilder {
 public:
  // Whether a cell is wanted.
  using Wanted =
      std::function<bool(const CodecSpec&, const std::string& corpus, const std::string& document)>;

  // Adds every wanted cell that is not there yet. Reads each document once for its hash. Throws
  // CorpusError if one cannot be read.
  void add(const std::vector<CodecSpec>& codecs, const std::vector<Corpus>& corpora,
           const Settings& settings, const Wanted& wanted);

  // The plan, without a commit and arguments; cells have the resources that resources_for() gives.
  WidePlan take() { return std::move(plan_); }

 private:
  std::size_t place_of(const Corpus& corpus, const Document& document, const Settings& settings);
  std::size_t place_of(const CodecSpec& codec);
  std::size_t place_of(const Settings& settings);
  void add_cell(const CodecSpec& codec, const Corpus& corpus, const Document& document,
                std::size_t settings);
  void add_missing(const CodecSpec& codec, const Corpus& corpus, const MissingDocument& missing);

  WidePlan plan_;
  std::set<std::string> keys_, missing_keys_;
  std::map<std::string, std::size_t> codecs_;  // by their canonical names
  // By corpus, name, file, offset, and the size and seed of the sample.
  using DocumentPlace = std::tuple<std::string, std::string, std::string, std::uint64_t,
                                   std::uint64_t, std::uint64_t>;
  std::map<DocumentPlace, std::size_t> documents_;
  // Codec, document, block size, threads.
  std::set<std::tuple<std::size_t, std::size_t, std::uint64_t, unsigned>> cells_;
};

// Fills in how long each cell will take, in proportion to its size: by what the same setting took
// in earlier runs, else as if it coded a megabyte a second, or 5 kB with a language model.
void estimate_cells(WidePlan& plan, const std::vector<Run>& earlier);

}  // namespace evalzip
