#include "codecs/llm/model_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "codecs/llm/model_error.h"
#include "codecs/llm/tokenizer.h"

namespace evalzip {
namespace {

std::string types_of(const ModelFile& model) {
  struct Share {
    std::uint64_t bytes = 0, tensors = 0;
  };
  std::map<TensorType, Share> shares;
  for (const TensorView& tensor : model.tensors()) {
    shares[tensor.type].bytes += tensor.bytes.size();
    ++shares[tensor.type].tensors;
  }
  std::vector<std::pair<TensorType, Share>> order(shares.begin(), shares.end());
  std::ranges::stable_sort(order, std::greater<>(),
                           [](const auto& one) { return one.second.bytes; });
  std::string text;
  for (const auto& [type, share] : order) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", format_of(type).name, share.tensors);
  }
  return text;
}

// Each head has key_length numbers, which is its share of the width where the file says nothing.
std::uint64_t key_width_of(const Metadata& metadata, const std::string& architecture) {
  const std::uint64_t heads = metadata.whole_number(architecture + ".attention.head_count");
  if (heads == 0) {
    throw ModelError(
        fmt::format("{}: {}.attention.head_count is 0; the file is damaged: get it again",
                    metadata.file(), architecture));
  }
  const std::uint64_t width = metadata.whole_number(architecture + ".embedding_length");
  const std::uint64_t head_width =
      metadata.find_whole_number(architecture + ".attention.key_length").value_or(width / heads);
  return metadata.find_whole_number(architecture + ".attention.head_count_kv").value_or(heads) *
         head_width;
}

}  // namespace

ModelSummary summarise(const ModelFile& model) {
  const Metadata& metadata = model.metadata();
  ModelSummary summary;
  summary.architecture = metadata.text("general.architecture");
  summary.types = types_of(model);
  for (const TensorView& tensor : model.tensors()) summary.parameters += tensor.elements();
  summary.context = metadata.whole_number(summary.architecture + ".context_length");
  summary.layers = metadata.whole_number(summary.architecture + ".block_count");
  summary.key_width = key_width_of(metadata, summary.architecture);
  summary.tokenizer = make_tokenizer(metadata)->described();
  return summary;
}

}  // namespace evalzip
