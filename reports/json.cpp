#include <ostream>

#include "harness/record_json.h"
#include "reports/report.h"

namespace evalzip {

void write_json(const Run& run, const ReportOptions&, std::ostream& out) { out << format_run(run); }

}  // namespace evalzip
