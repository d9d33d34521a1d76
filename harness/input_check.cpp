#include "harness/input_check.h"

#include <fmt/format.h>

#include "corpora/identity.h"
#include "corpora/progress.h"

namespace evalzip {
namespace {

std::string problem_of(const InputPart& part) {
  Progress silence;
  const SliceVerdict verdict =
      check_slice({.path = part.file, .offset = part.bytes.offset, .size = part.bytes.size},
                  {.size = part.bytes.size, .sha256 = part.sha256, .sha1 = {}, .md5 = {}}, silence);
  if (!verdict.mismatch) return {};
  return fmt::format("{} changed since it was planned: {}", part.file, *verdict.mismatch);
}

}  // namespace

const std::string& InputCheck::problem(const InputPart& part) {
  const auto [it, is_new] = known_.try_emplace(key(part));
  if (is_new) it->second = problem_of(part);
  return it->second;
}

}  // namespace evalzip
