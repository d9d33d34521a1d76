// Any bytes as text that is safe on a terminal, and how wide it stands there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace evalzip {

// Control characters, bidirectional and invisible format characters and bytes that are not UTF-8
// become visible escapes (\x1b, \u{202e}); all else stays. The result is valid UTF-8 on one line.
std::string printable(std::string_view bytes);

// Terminal cells that printable text takes: 2 for wide East Asian characters (Unicode UAX #11), 0
// for combining marks, 1 for others.
std::size_t display_width(std::string_view text);

// Cuts text wider than `width` in its middle, where an ellipsis stands. Precondition: width > 2.
std::string shortened(std::string_view text, std::size_t width);

}  // namespace evalzip
