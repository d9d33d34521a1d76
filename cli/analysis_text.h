// What was found about a document: as one screen of text, as JSON, as a drawing of its profile.
#pragma once

#include <string>

#include "bounds/document_analysis.h"

namespace evalzip {

// `name` may hold any bytes. At most 100 columns wide.
std::string analysis_text(const DocumentAnalysis& analysis, const std::string& name, bool colour);

// One object; docs/analyze.md names its members. Absent is absent.
std::string analysis_json(const DocumentAnalysis& analysis, const std::string& name);

// An SVG document: bits per byte and the share of repeated bytes along the document.
std::string profile_svg(const DocumentAnalysis& analysis, const std::string& name);

}  // namespace evalzip
