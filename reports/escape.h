// Any bytes as text of a format, so that they show as what they are and do nothing. All go through
// printable() first: no control, bidirectional or invisible character and no invalid UTF-8 gets
// into a report.
#pragma once

#include <string>
#include <string_view>

namespace evalzip {

// Of a paragraph or a table cell of GitHub-flavoured Markdown (cmark-gfm): no markup, no link, no
// HTML, no cell border, no formula.
std::string markdown_text(std::string_view bytes);

// A field of RFC 4180, quoted. What a spreadsheet would take for a formula (it begins with one of
// = + - @ or a full-width form of them) gets an apostrophe in front (OWASP, CSV injection).
std::string csv_field(std::string_view bytes);

// Of XML and HTML: between tags, and in attributes between double quotes.
std::string xml_text(std::string_view bytes);

// Of LaTeX with T1 fonts: letters outside Latin-1 become visible escapes.
std::string latex_text(std::string_view bytes);

}  // namespace evalzip
