// The typed key-value map of a model file: hyperparameters, tokenizer, provenance.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace evalzip {

struct MetadataValue;
using MetadataArray = std::vector<MetadataValue>;  // of arrays, and empty arrays

// Texts are views of the file's bytes, which outlive them.
struct MetadataValue {
  std::variant<bool, std::int64_t, std::uint64_t, double, std::string_view, std::vector<bool>,
               std::vector<std::int64_t>, std::vector<std::uint64_t>, std::vector<double>,
               std::vector<std::string_view>, MetadataArray>
      value;
};

// What kind of value it is, for messages: "a text", "an array of numbers".
std::string_view kind_of(const MetadataValue& value);

// The find_ functions answer absent where there is no such key; all throw ModelError when the key
// has a value of another kind, and those without find_ also when there is none. Integers of any
// width and sign are one kind; so are numbers, and every integer is a number.
class Metadata {
 public:
  // `file` is how messages call the file.
  explicit Metadata(std::string file) : file_(std::move(file)) {}

  // Throws ModelError when the key is there already.
  void add(std::string_view key, MetadataValue value);
  // The same for a text that is no view of the file; this object keeps it.
  void add_text(std::string_view key, std::string text);

  std::uint64_t whole_number(std::string_view key) const;  // 0 or more
  double number(std::string_view key) const;
  std::string_view text(std::string_view key) const;
  std::span<const std::string_view> texts(std::string_view key) const;

  std::optional<std::uint64_t> find_whole_number(std::string_view key) const;
  std::optional<double> find_number(std::string_view key) const;
  std::optional<bool> find_flag(std::string_view key) const;
  std::optional<std::string_view> find_text(std::string_view key) const;
  std::optional<std::span<const std::string_view>> find_texts(std::string_view key) const;
  std::optional<std::vector<std::int64_t>> find_integers(std::string_view key) const;
  std::optional<std::vector<double>> find_numbers(std::string_view key) const;

  const MetadataValue* find(std::string_view key) const;
  const std::map<std::string, MetadataValue, std::less<>>& all() const { return values_; }
  const std::string& file() const { return file_; }

 private:
  [[noreturn]] void refuse(std::string_view key, std::string_view wanted) const;

  std::string file_;
  std::map<std::string, MetadataValue, std::less<>> values_;
  std::list<std::string> own_texts_;  // a list, so that views of them stay valid
};

}  // namespace evalzip
