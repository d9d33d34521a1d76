// Words for a POSIX shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace evalzip {

// The word in single quotes where a shell would read it as anything else.
std::string shell_word(std::string_view word);

// The words of a command, apart by spaces.
std::string shell_command(const std::vector<std::string>& words);

}  // namespace evalzip
