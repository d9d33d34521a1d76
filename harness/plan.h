// The cells of a run: every codec setting on every document, each with its content address.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
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

// The parts that a plan is made of, for plans with several settings. The first reads the document
// once, for its hash and entropies, and throws CorpusError if it cannot be read. The second is the
// content address of a cell: everything that decides its bytes and their meaning, and nothing that
// does not. The third makes a key that is used already another one, in the same way every time:
// documents with the same bytes have cells of their own. The last is the record of a cell whose
// codec or document is not at hand.
PlannedDocument plan_document(const Corpus& corpus, const Document& document,
                              const Settings& settings);
std::string cell_key(const CodecSpec& codec, const PlannedDocument& planned,
                     const Settings& settings);
std::string unused_key(std::string key, std::set<std::string>& used);
Record missing_record(const CodecSpec& codec, const Corpus& corpus, const MissingDocument& missing);

// Reads every document once for its hash. Throws CorpusError if one cannot be read.
Plan make_plan(std::vector<CodecSpec> codecs, const std::vector<Corpus>& corpora,
               const Settings& settings);

// The same cells on at most `bytes` of each document: samples as --sample takes them, from places
// that do not depend on the seed of the run. Throws CorpusError if a document cannot be read.
Plan limited_plan(const Plan& plan, std::uint64_t bytes);

// The document is these slices of its file from now on, whose bytes are returned. Throws
// CorpusError if they cannot be read.
std::vector<std::byte> restrict_to(PlannedDocument& planned, std::vector<Slice> slices);

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
