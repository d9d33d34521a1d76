// `evalzip perplexity`: what a model makes of a corpus, without coding it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/model_places.h"
#include "cli/quantity.h"
#include "cli/run_progress.h"
#include "codecs/llm/llm_stream.h"
#include "corpora/open_corpus.h"
#include "corpora/posix_file.h"
#include "reports/columns.h"

namespace evalzip {
namespace {

struct Options {
  std::string model, first;
  std::vector<std::string> corpora;
  LlmOptions coding;
  bool json = false;
};

struct DocumentLength {
  std::string name;
  std::uint64_t bytes = 0, words = 0;
  LlmCodeLength code;
};

std::vector<std::byte> read_document(const Document& document, std::uint64_t most) {
  std::vector<std::byte> bytes(std::min(document.size, most));
  const ReadableFile file(document.path);
  for (std::size_t done = 0; done < bytes.size();) {
    const std::size_t got = file.read_at(document.offset + done, std::span(bytes).subspan(done));
    if (got == 0) {
      throw CorpusError(CorpusError::Kind::usage,
                        fmt::format("{} became shorter while it was read", document.path.string()));
    }
    done += got;
  }
  return bytes;
}

// Runs of bytes that are no white space, as others count words when they state word perplexities.
std::uint64_t count_words(Bytes bytes) {
  std::uint64_t words = 0;
  bool inside = false;
  for (const std::byte byte : bytes) {
    const bool space =
        std::string_view(" \t\n\v\f\r").find(static_cast<char>(byte)) != std::string_view::npos;
    words += !space && !inside ? 1 : 0;
    inside = !space;
  }
  return words;
}

void add(const DocumentLength& document, DocumentLength& total) {
  total.bytes += document.bytes;
  total.words += document.words;
  total.code.tokens += document.code.tokens;
  total.code.model_bits += document.code.model_bits;
  total.code.count_bits += document.code.count_bits;
}

nlohmann::json as_json(const DocumentLength& document) {
  const double bits = document.code.count_bits;
  nlohmann::json object{{"document", document.name},
                        {"bytes", document.bytes},
                        {"tokens", document.code.tokens},
                        {"words", document.words},
                        {"code_bits", bits},
                        {"softmax_bits", document.code.model_bits}};
  const auto per = [&](const char* each, const char* perplexity, std::uint64_t count) {
    if (count == 0) return;
    const double share = bits / static_cast<double>(count);
    object[each] = share;
    object[perplexity] = std::exp2(share);
  };
  per("bits_per_byte", "byte_perplexity", document.bytes);
  per("bits_per_token", "token_perplexity", document.code.tokens);
  per("bits_per_word", "word_perplexity", document.words);
  return object;
}

void print_row(const DocumentLength& document) {
  const double bits = document.code.count_bits;
  const auto per = [&](std::uint64_t count) {
    return count == 0 ? std::string("-") : fmt::format("{:.4f}", bits / static_cast<double>(count));
  };
  const auto perplexity =
      document.code.tokens == 0
          ? std::string("-")
          : fmt::format("{:.3f}", std::exp2(bits / static_cast<double>(document.code.tokens)));
  fmt::print("{:<28} {:>14} {:>12} {:>10} {:>10} {:>12}\n", document.name,
             format_grouped(document.bytes), format_grouped(document.code.tokens),
             per(document.bytes), per(document.code.tokens), perplexity);
}

std::vector<DocumentLength> measure(const Options& options, LlmStream& stream,
                                    const CorpusPlaces& places, StatusLine& line) {
  const std::uint64_t most = options.first.empty() ? ~std::uint64_t{0} : parse_size(options.first);
  CorpusProgress progress(line);
  std::vector<DocumentLength> lengths;
  for (const std::string& name : options.corpora) {
    const Corpus corpus = open_corpus(name, places, progress);
    for (const MissingDocument& missing : corpus.missing) {
      throw CorpusError(CorpusError::Kind::usage,
                        fmt::format("{} of {} is missing: {}", missing.name, name, missing.why));
    }
    for (const Document& document : corpus.documents) {
      line.show(fmt::format("reading {}", document.name));
      const std::vector<std::byte> bytes = read_document(document, most);
      lengths.push_back({.name = document.name,
                         .bytes = bytes.size(),
                         .words = count_words(bytes),
                         .code = stream.measure(bytes)});
      if (interrupted()) throw Cancelled();
    }
  }
  line.clear();
  return lengths;
}

void print_json(const Options& options, const LlmStream& stream,
                const std::vector<DocumentLength>& lengths, const DocumentLength& total) {
  nlohmann::json documents = nlohmann::json::array();
  for (const DocumentLength& document : lengths) documents.push_back(as_json(document));
  fmt::print("{}\n", nlohmann::json{{"model", options.model},
                                    {"model_sha256", stream.model().sha256},
                                    {"context", stream.positions()},
                                    {"documents", documents},
                                    {"total", as_json(total)}}
                         .dump(2));
}

int perplexity(const Options& options, const Program& program) {
  catch_interrupts();
  StatusLine line(program.live_progress, false);
  CorpusProgress progress(line);
  const CorpusPlaces places = places_from_environment();
  const LocatedModel found = find_model(options.model, places, progress);
  if (!found.missing.empty()) throw CorpusError(CorpusError::Kind::usage, found.missing);
  LlmStream stream(load_language_model(found.file), options.coding, preferred_engine_kernels());
  const std::vector<DocumentLength> lengths = measure(options, stream, places, line);
  DocumentLength total{.name = "total"};
  for (const DocumentLength& document : lengths) add(document, total);
  if (options.json) {
    print_json(options, stream, lengths, total);
    return kExitOk;
  }
  fmt::print("{:<28} {:>14} {:>12} {:>10} {:>10} {:>12}\n", options.model, "bytes", "tokens",
             "bits/byte", "bits/token", "perplexity");
  for (const DocumentLength& document : lengths) print_row(document);
  if (lengths.size() > 1) print_row(total);
  fmt::print(
      "Code lengths under the counts that the coder uses; of the softmax itself {:.4f} "
      "bits/byte.\n",
      total.code.model_bits / static_cast<double>(std::max<std::uint64_t>(total.bytes, 1)));
  return kExitOk;
}

}  // namespace

Command add_perplexity_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "perplexity", "What a language model makes of corpora: bits per byte, token perplexity");
  const auto options = std::make_shared<Options>();
  command->add_option("--model", options->model, "A name of `evalzip model list`, or a GGUF file")
      ->required();
  command->add_option("--corpus", options->corpora, "Corpora, files or folders")->required();
  command->add_option("--first", options->first, "Only so many bytes of each document [all]")
      ->type_name("SIZE");
  command
      ->add_option("--segments", options->coding.segments,
                   "Parts that know nothing of each other [one for each 16 KiB, up to 64]")
      ->check(CLI::Range(std::size_t{1}, kMostSegments));
  command
      ->add_option("--context", options->coding.positions, "Tokens seen [the model's, up to 2048]")
      ->check(CLI::Range(kLeastPositions, std::size_t{1} << 20));
  command->add_option("--threads", options->coding.threads, "Any number gives the same result [1]")
      ->check(CLI::Range(1, 64));
  command->add_flag("--json", options->json, "JSON to standard output");
  return {command, [options, &program] { return perplexity(*options, program); }};
}

}  // namespace evalzip
