// The files of models on this machine: found, downloaded, put together, verified.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "corpora/model_manifest.h"
#include "corpora/places.h"
#include "corpora/progress.h"

namespace evalzip {

// A model's file, or why there is none.
struct FoundModel {
  std::optional<std::filesystem::path> path;
  std::uint64_t size = 0;
  std::string sha256;        // of the file that is there
  bool verified = false;     // it is the one that the manifest states
  std::string why;           // when there is no path
  bool wrong_bytes = false;  // something was found and not used, because its hash is wrong
};

// Turns documents into the bytes of a model; corpora/ knows no format of models itself. May throw.
using ModelConversion =
    std::function<void(const std::vector<std::filesystem::path>& documents,
                       const std::function<void(std::span<const std::byte>)>& sink)>;

// The model that is used where none is named: its file lies beside its manifest.
inline constexpr const char* kBundledModel = "evalzip-bytes";

// Where the finished file lies: beside the manifest, or in the cache. Its size is compared, nothing
// is read or downloaded.
std::optional<std::filesystem::path> locate_model(const ModelManifest& model,
                                                  const CorpusPlaces& places);

// Finds the file, reading and comparing it; else downloads what is missing, even if places.offline
// is set, and makes it. `llama2c` is used where the recipe says so. Throws CorpusError
// (environment), Cancelled.
FoundModel fetch_model(const ModelManifest& model, const CorpusPlaces& places,
                       const ModelConversion& llama2c, Progress& progress);

// Reads the file that is at hand and compares it; downloads and makes nothing.
FoundModel verify_model(const ModelManifest& model, const CorpusPlaces& places, Progress& progress);

}  // namespace evalzip
