// What is known of the sources of synthetic documents.
#pragma once

#include "corpora/corpus.h"
#include "corpora/manifest.h"

namespace evalzip {

// Sets true_entropy_bits of the documents whose generator knows its entropy.
void add_true_entropies(const Manifest& manifest, Corpus& corpus);

}  // namespace evalzip
