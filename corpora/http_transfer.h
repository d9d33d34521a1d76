// One HTTP request that adds to a partial file.
#pragma once

#include <exception>
#include <optional>
#include <string>

#include "corpora/fetch.h"
#include "corpora/partial_file.h"

namespace evalzip {

enum class TransferOutcome {
  complete,     // the server sent everything it announced
  interrupted,  // stalled, cut off, server busy: trying again may help
  refused,      // 404 and the like, too many redirects, too many bytes: this mirror will not do
  unreachable,  // the host could not be found or connected to
};

struct TransferResult {
  TransferOutcome outcome = TransferOutcome::complete;
  std::string why;  // when not complete
};

struct Transfer {
  std::string address;
  std::string name;
  std::optional<std::uint64_t> size;  // of the whole file, if known
  bool may_resume = true;             // with false, whatever has come is dropped first
};

// Throws Cancelled, and CorpusError (environment) when the disk is full.
TransferResult run_transfer(const Transfer& transfer, const FetchLimits& limits, PartialFile& part,
                            Progress& progress);

}  // namespace evalzip
