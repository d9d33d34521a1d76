// What must hold between and within the fields of a run beyond their types. Writing checks it too,
// so nothing is ever written that cannot be read back.
#pragma once

#include "harness/json_path.h"
#include "harness/record.h"

namespace evalzip {

// All throw RecordError: a number that is not finite or below 0, samples that are not parallel, an
// `ok` record without its size. `path` is where it stands.
void check_record(const Record& record, const JsonPath& path);
void check_settings(const Settings& settings, const JsonPath& path);
void check_run(const Run& run);

}  // namespace evalzip
