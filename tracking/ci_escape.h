// Names of the user made safe for what continuous integration reads.
#pragma once

#include <string>
#include <string_view>

namespace evalzip {

// Text for XML 1.0 content and attributes: valid UTF-8 of permitted characters, one line.
std::string junit_text(std::string_view bytes);

// Text for GitHub-flavoured Markdown, in a table or out of it: no markup, no HTML, no mention of
// people, no link, one line.
std::string comment_text(std::string_view bytes);

// The message of a GitHub workflow command (`::error::MESSAGE`), on one line.
std::string command_message(std::string_view bytes);

// The value of a property of a workflow command (`::error title=VALUE::`).
std::string command_property(std::string_view bytes);

}  // namespace evalzip
