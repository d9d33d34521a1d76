// What a bundle says in words and scripts.
#pragma once

#include <span>
#include <string>

#include "harness/record.h"

namespace evalzip {

std::string artifact_readme(std::span<const Run> runs);

// Where each run was made, with what, and what it warns of.
std::string environment_text(std::span<const Run> runs);

// Corpus, document, bytes and SHA-256 of everything that was compressed, between tabs.
std::string corpora_text(std::span<const Run> runs);

// A POSIX shell script that measures anew what `evalzip run` measured, and compares.
std::string reproduce_script(std::span<const Run> runs);

}  // namespace evalzip
