// The cells of a run: every codec setting on every document, each with its content address.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codecs/codec_spec.h"
#include "corpora/corpus.h"
#include "harness/record.h"
#include "harness/worker_protocol.h"

namespace evalzip {

// A document as it will be compressed: whole, or the slices of a stratified sample.
struct PlannedDocument {
  std::string corpus;
  Document document;
  std::vector<Slice> slices;  // of the document's file
  std::uint64_t size = 0;     // of all slices
  std::string hash;           // XXH3-128 of all slices
  // Empirical entropy times the length, as in Record.
  std::optional<double> order_0_bits, order_2_bits, ctw_bits;
};

// A planned cell. It refers to the codec and document lists of its plan by index.
struct Cell {
  std::string key;
  std::size_t codec = 0, document = 0;
};

struct Plan {
  std::vector<CodecSpec> codecs;
  std::vector<PlannedDocument> documents;
  std::vector<Cell> cells;      // by document, then by codec, as the user listed them
  std::vector<Record> missing;  // one per codec and document that is not at hand
  Settings settings;

  std::uint64_t total_bytes() const;
};

// Reads every document once for its hash. Throws CorpusError if one cannot be read.
Plan make_plan(std::vector<CodecSpec> codecs, const std::vector<Corpus>& corpora,
               const Settings& settings);

// The same cells on at most `bytes` of each document: samples as --sample takes them, from places
// that do not depend on the seed of the run. Throws CorpusError if a document cannot be read.
Plan limited_plan(const Plan& plan, std::uint64_t bytes);

// A setting as it is used on a document: one whose numbers are known is told of them.
CodecSpec setting_for(const CodecSpec& codec, const Document& document);

// The record of a cell before anything was measured: outcome skipped.
Record blank_record(const Plan& plan, const Cell& cell);

// The slices of a document of `size` bytes at `offset` of its file whose sum is `wanted`: one from
// a seeded place in each of up to 16 equal strata, so that every part of the file has its say. The
// whole document if it is not larger than `wanted`.
std::vector<Slice> stratified_slices(const Slice& document, std::uint64_t wanted,
                                     std::uint64_t seed);

}  // namespace evalzip
