// The corpora that --corpus names, opened, with progress for people.
#pragma once

#include <string>
#include <vector>

#include "cli/run_progress.h"
#include "corpora/corpus.h"

namespace evalzip {

// `arguments` are names, files, folders, patterns, with commas between several; none is the demo
// corpus. Throws as open_corpus() does.
std::vector<Corpus> open_corpora(const std::vector<std::string>& arguments, bool offline,
                                 StatusLine& line);

}  // namespace evalzip
