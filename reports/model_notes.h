// What the rows of a table that need a model leave unsaid: what the model costs, and what it has
// read.
#pragma once

#include <string>
#include <vector>

#include "harness/record.h"

namespace evalzip {

// A sentence or two for each setting of a codec with a model that has a result, and for each model
// that a cell lacked: what was asked for, what was found, what to do.
std::vector<std::string> model_notes(const Run& run);
std::vector<std::string> missing_model_notes(const Run& run);

// Is it not the document that the cell lacked?
bool lacks_model(const Record& record);

}  // namespace evalzip
