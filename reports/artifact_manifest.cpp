#include "reports/artifact_manifest.h"

#include <openssl/evp.h>

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/json_document.h"
#include "harness/record_json.h"
#include "harness/utf8.h"

namespace evalzip {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kManifestSchema = 1;

std::vector<std::string> texts_from_bytes(std::vector<std::string> names) {
  for (std::string& name : names) name = text_from_bytes(name);
  return names;
}

Json options_json(const ReportOptions& options) {
  return {{"columns", options.columns},
          {"sort", options.sort},
          {"per_file", options.per_file},
          {"rows", options.rows},
          {"baseline", text_from_bytes(options.baseline)},
          {"filters", texts_from_bytes(options.filters)}};
}

ReportOptions options_of(const nlohmann::json& json) {
  ReportOptions options;
  json.at("columns").get_to(options.columns);
  json.at("sort").get_to(options.sort);
  json.at("per_file").get_to(options.per_file);
  json.at("rows").get_to(options.rows);
  options.baseline = bytes_from_text(json.at("baseline").get<std::string>());
  json.at("filters").get_to(options.filters);
  for (std::string& filter : options.filters) filter = bytes_from_text(filter);
  return options;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

std::string format_manifest(const ArtifactManifest& manifest, std::span<const ArtifactFile> files) {
  Json hashes = Json::array();
  for (const ArtifactFile& file : files) {
    hashes.push_back(
        {{"path", file.path}, {"bytes", file.text.size()}, {"sha256", sha256_hex(file.text)}});
  }
  const Json json = {{"evalzip_artifact", kManifestSchema},
                     {"runs", manifest.runs},
                     {"options", options_json(manifest.options)},
                     {"chart_library", manifest.chart_library},
                     {"files", hashes}};
  return json.dump(2) + '\n';
}

ArtifactManifest parse_manifest(std::string_view text) {
  try {
    const nlohmann::json json = parse_json_document(text);
    if (json.at("evalzip_artifact").get<int>() != kManifestSchema) {
      throw ReportError(fmt::format("manifest.json has schema {}, this program knows {}",
                                    json.at("evalzip_artifact").dump(), kManifestSchema));
    }
    return {json.at("chart_library").get<bool>(), options_of(json.at("options")),
            json.at("runs").get<std::vector<std::string>>()};
  } catch (const RecordError& error) {
    throw ReportError(fmt::format("manifest.json: {}", error.what()));
  } catch (const nlohmann::json::exception& error) {
    throw ReportError(fmt::format("manifest.json is not that of a bundle: {}", error.what()));
  }
}

}  // namespace evalzip
