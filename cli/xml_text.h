// Text between XML tags.
#pragma once

#include <string>
#include <string_view>

namespace evalzip {

// & < > become entities. `text` is printable: no control characters.
std::string xml_text(std::string_view text);

}  // namespace evalzip
