// What a report is of: several runs as one run for each host, without what the filters leave out.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record.h"

namespace evalzip {

// Runs of the same machine (host name and processor) become one, in the order given; speeds of
// different machines never meet. Of a cell that several of them have, the last one that is ok
// stays. A filter is FIELD=PATTERN|PATTERN..., or != for all but those; fields are codec, corpus,
// document, version and outcome; * and ? stand for any text and any character. A record stays if
// every filter lets it. At least one run comes back, however empty. Throws ReportError for a filter
// that is none.
std::vector<Run> runs_by_host(std::span<const Run> runs, const std::vector<std::string>& filters);

// "name, processor", as far as the run knows them. Safe on a terminal.
std::string host_label(const Environment& environment);

// Does all of `text` match? Exported for its test.
bool filter_matches(std::string_view pattern, std::string_view text);

}  // namespace evalzip
