#include "corpora/true_entropy.h"

#include "corpora/generators.h"

namespace evalzip {

void add_true_entropies(const Manifest& manifest, Corpus& corpus) {
  const std::vector<Generator> generators = all_generators();
  for (Document& document : corpus.documents) {
    const ManifestDocument* stated = manifest.find_document(document.name);
    for (const Generator& generator : generators) {
      if (stated->generator != generator.name || !generator.entropy_bits) continue;
      document.true_entropy_bits = generator.entropy_bits(document.size);
    }
  }
}

}  // namespace evalzip
