// Corpora of the user's own files: one file, a folder, a pattern.
#pragma once

#include <filesystem>
#include <string>

#include "corpora/corpus.h"
#include "corpora/progress.h"

namespace evalzip {

// One document called as the file is. Throws CorpusError (usage) when it cannot be read.
Corpus corpus_of_file(const std::filesystem::path& file, Progress& progress);

// Every file of the folder and its sub-folders, in name order; see walk.h. Files that cannot be
// read are missing. Throws CorpusError (usage) when there is none.
Corpus corpus_of_folder(const std::filesystem::path& folder, Progress& progress);

// Every file that matches; see file_names.h. Throws CorpusError (usage) when there is none.
Corpus corpus_of_pattern(const std::string& pattern, Progress& progress);

}  // namespace evalzip
