// Reading JSON strictly: every mistake is told with its file, its place and its remedy.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evalzip {

// Parses text; duplicate keys are mistakes. Throws CorpusError (usage).
nlohmann::json parse_strict_json(std::string_view text, const std::filesystem::path& path);

// One JSON object whose fields are taken by name. close() refuses the fields nobody took, which is
// how a misspelt optional field is found. All functions throw CorpusError (usage).
class JsonFields {
 public:
  // `place` is how messages name the object: "documents[3]"; empty for the top level.
  JsonFields(const nlohmann::json& object, std::filesystem::path path, std::string place);

  std::string text(const std::string& key);
  std::optional<std::string> optional_text(const std::string& key);
  std::uint64_t whole_number(const std::string& key);
  std::optional<std::uint64_t> optional_whole_number(const std::string& key);
  std::optional<std::string> optional_hash(const std::string& key, std::size_t digits);
  std::vector<std::string> optional_texts(const std::string& key);
  // The objects of an array, each with its place. An absent array is empty.
  std::vector<JsonFields> objects(const std::string& key);
  std::optional<JsonFields> optional_object(const std::string& key);

  // Throws: "`field` is `found`; `remedy`".
  [[noreturn]] void refuse(const std::string& field, const std::string& found,
                           const std::string& remedy) const;
  void close() const;

 private:
  const nlohmann::json* take(const std::string& key);
  const nlohmann::json& require(const std::string& key);
  std::string place_of(const std::string& key) const;

  const nlohmann::json* object_;
  std::filesystem::path path_;
  std::string place_;
  std::vector<std::string> taken_;
};

}  // namespace evalzip
