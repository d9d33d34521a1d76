#include "cli/corpus_list.h"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/run_progress.h"
#include "corpora/open_corpus.h"
#include "reports/columns.h"

namespace evalzip {

int print_corpora(const Program& program, bool as_json) {
  StatusLine line(program.live_progress, false);
  CorpusProgress progress(line);
  const auto corpora = list_corpora(places_from_environment(), progress);
  nlohmann::json array = nlohmann::json::array();
  for (const CorpusSummary& corpus : corpora) {
    array.push_back({{"name", corpus.name},
                     {"title", corpus.title},
                     {"documents", corpus.documents},
                     {"bytes", corpus.total_bytes},
                     {"cached", corpus.cached}});
    if (as_json) continue;
    fmt::print("{:<22} {:>12} bytes {:>3} files {:>3} cached  {}\n", corpus.name,
               format_grouped(corpus.total_bytes), corpus.documents, corpus.cached, corpus.title);
  }
  if (as_json) std::cout << array.dump(2) << "\n";
  return kExitOk;
}

}  // namespace evalzip
