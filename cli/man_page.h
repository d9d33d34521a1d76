// The manual page in troff (the man macros).
#pragma once

#include <string>

#include "cli/option_table.h"

namespace evalzip {

struct ManPage {
  CommandRow program;
  std::string version;
  std::string exit_codes;  // a sentence
};

// The same table gives the same bytes: no date.
std::string man_page(const ManPage& page);

}  // namespace evalzip
