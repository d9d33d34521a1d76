#include "corpora/progress.h"

namespace evalzip {

bool Progress::advance(const ProgressStep&) { return true; }

void Progress::note(const std::string&) {}

void advance(Progress& progress, const ProgressStep& step) {
  if (!progress.advance(step)) throw Cancelled();
}

}  // namespace evalzip
