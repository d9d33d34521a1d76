// The corpora that the user named.
#pragma once

#include <string>
#include <vector>

#include "cli/run_progress.h"
#include "corpora/corpus.h"

namespace evalzip {

// Each argument is one name or several between commas, as open_corpus() takes them; no argument
// means `demo`. Throws as open_corpus().
std::vector<Corpus> open_corpora(const std::vector<std::string>& arguments, bool offline,
                                 StatusLine& line);

}  // namespace evalzip
