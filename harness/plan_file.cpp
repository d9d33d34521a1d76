#include "harness/plan_file.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "codecs/command_definition.h"
#include "codecs/plugin.h"
#include "harness/json_document.h"
#include "harness/record_json.h"
#include "harness/utf8.h"

namespace evalzip {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kMark = "evalzip_plan";

std::string absolute_text(const std::filesystem::path& path) {
  return text_from_bytes(std::filesystem::absolute(path).string());
}

template <class T>
void put(Json& object, const char* name, const std::optional<T>& value) {
  if (value) object[name] = *value;
}

template <class T>
void take(const nlohmann::json& object, const char* name, std::optional<T>& value) {
  if (object.contains(name)) value = object.at(name).get<T>();
}

std::string text_at(const nlohmann::json& object, const char* name) {
  return bytes_from_text(object.at(name).get_ref<const std::string&>());
}

// ---- codecs

Json written(const CodecSpec& codec) {
  Json object{{"spec", text_from_bytes(codec.canonical())},
              {"version", text_from_bytes(codec.codec->version)}};
  const std::string& plugin = codec.codec->plugin;
  if (plugin.starts_with(kCommandPrefix)) {
    object["plugin"] = text_from_bytes(plugin);
  } else if (!plugin.empty()) {
    object["plugin"] = absolute_text(plugin);
  }
  if (!codec.model.file.empty()) {
    object["model"] = {{"file", absolute_text(codec.model.file)},
                       {"sha256", codec.model.sha256},
                       {"contamination", text_from_bytes(codec.model.contamination)}};
  }
  if (!codec.model.missing.empty()) object["missing"] = text_from_bytes(codec.model.missing);
  return object;
}

// Plugins that ship with the program are in the registry already, wherever they lie here.
void know(Registry& registry, const std::string& name, const std::string& plugin) {
  if (registry.find(name) != nullptr || plugin.empty()) return;
  if (plugin.starts_with(kCommandPrefix)) {
    registry.add(command_codec(parse_command(plugin)));
  } else {
    load_plugin(registry, plugin);
  }
}

CodecSpec parsed_codec(const nlohmann::json& object, Registry& registry, PlanUse use) {
  const std::string spec = text_at(object, "spec");
  know(registry, spec.substr(0, spec.find(':')),
       object.contains("plugin") ? text_at(object, "plugin") : std::string());
  CodecSpec codec = parse_codec_spec(registry, spec);
  const std::string version = text_at(object, "version");
  if (use == PlanUse::run && codec.codec->version != version) {
    throw PlanFileError(
        fmt::format("{} was planned with version {}, this machine has {}: install the same "
                    "libraries on all machines, or plan here",
                    spec, version, codec.codec->version));
  }
  if (object.contains("model")) {
    codec.model.file = text_at(object.at("model"), "file");
    codec.model.sha256 = text_at(object.at("model"), "sha256");
    codec.model.contamination = text_at(object.at("model"), "contamination");
  }
  if (object.contains("missing")) codec.model.missing = text_at(object, "missing");
  return codec;
}

// ---- documents

Json written(const PlannedDocument& planned) {
  Json slices = Json::array();
  for (const Slice& slice : planned.slices) slices.push_back({slice.offset, slice.size});
  const Document& document = planned.document;
  Json object{{"corpus", text_from_bytes(planned.corpus)},
              {"name", text_from_bytes(document.name)},
              {"path", absolute_text(document.path)},
              {"offset", document.offset},
              {"size", document.size},
              {"sha256", document.sha256},
              {"slices", std::move(slices)},
              {"hash", planned.hash}};
  put(object, "true_entropy_bits", document.true_entropy_bits);
  put(object, "order_0_bits", planned.order_0_bits);
  put(object, "order_2_bits", planned.order_2_bits);
  put(object, "ctw_bits", planned.ctw_bits);
  if (document.numbers) {
    object["numbers"] = {{"format", document.numbers->format},
                         {"columns", document.numbers->columns}};
  }
  return object;
}

PlannedDocument parsed_document(const nlohmann::json& object) {
  PlannedDocument planned{.corpus = text_at(object, "corpus"),
                          .document = {.name = text_at(object, "name"),
                                       .path = text_at(object, "path"),
                                       .offset = object.at("offset"),
                                       .size = object.at("size"),
                                       .sha256 = object.at("sha256"),
                                       .true_entropy_bits = {}},
                          .slices = {},
                          .hash = object.at("hash")};
  for (const nlohmann::json& slice : object.at("slices")) {
    planned.slices.push_back({.offset = slice.at(0), .size = slice.at(1)});
    planned.size += planned.slices.back().size;
  }
  take(object, "true_entropy_bits", planned.document.true_entropy_bits);
  take(object, "order_0_bits", planned.order_0_bits);
  take(object, "order_2_bits", planned.order_2_bits);
  take(object, "ctw_bits", planned.ctw_bits);
  if (object.contains("numbers")) {
    const nlohmann::json& numbers = object.at("numbers");
    planned.document.numbers = {.format = numbers.at("format"), .columns = numbers.at("columns")};
  }
  return planned;
}

// ---- cells

Json written(const PlannedCell& cell) {
  Json object{{"key", cell.cell.key},           {"codec", cell.cell.codec},
              {"document", cell.cell.document}, {"settings", cell.settings},
              {"cores", cell.resources.cores},  {"memory_bytes", cell.resources.memory_bytes},
              {"gpus", cell.resources.gpus},    {"exclusive", cell.resources.exclusive}};
  put(object, "seconds", cell.seconds);
  return object;
}

std::size_t place_at(const nlohmann::json& object, const char* name, std::size_t places) {
  const auto place = object.at(name).get<std::size_t>();
  if (place < places) return place;
  throw PlanFileError(fmt::format("{} is {}, the plan has {}", name, place, places));
}

PlannedCell parsed_cell(const nlohmann::json& object, const WidePlan& plan) {
  PlannedCell cell{.cell = {.key = object.at("key"),
                            .codec = place_at(object, "codec", plan.codecs.size()),
                            .document = place_at(object, "document", plan.documents.size())},
                   .settings = place_at(object, "settings", plan.settings.size()),
                   .resources = {.cores = object.at("cores"),
                                 .memory_bytes = object.at("memory_bytes"),
                                 .gpus = object.at("gpus"),
                                 .exclusive = object.at("exclusive")},
                   .seconds = {}};
  // The key becomes the name of a file.
  if (cell.cell.key.empty() ||
      cell.cell.key.find_first_not_of("0123456789abcdef") != std::string::npos) {
    throw PlanFileError(fmt::format("key is '{}', must be hexadecimal digits", cell.cell.key));
  }
  take(object, "seconds", cell.seconds);
  return cell;
}

// ---- the whole

Json header(const WidePlan& plan) {
  Json object{{kMark, kPlanVersion}, {"cells", plan.cells.size()}, {"commit", plan.commit}};
  object["arguments"] = Json::array();
  for (const std::string& argument : plan.arguments) {
    object["arguments"].push_back(text_from_bytes(argument));
  }
  for (const char* list : {"settings", "codecs", "documents", "missing"}) {
    object[list] = Json::array();
  }
  for (const Settings& settings : plan.settings) {
    object["settings"].push_back(Json::parse(format_settings(settings)));
  }
  for (const CodecSpec& codec : plan.codecs) object["codecs"].push_back(written(codec));
  for (const PlannedDocument& document : plan.documents) {
    object["documents"].push_back(written(document));
  }
  for (const Record& record : plan.missing) {
    object["missing"].push_back(Json::parse(format_record(record)));
  }
  return object;
}

void check_mark(const nlohmann::json& object) {
  if (!object.is_object() || !object.contains(kMark)) {
    throw PlanFileError("this is not a plan: `evalzip plan` writes one");
  }
  if (object.at(kMark) != kPlanVersion) {
    throw PlanFileError(
        fmt::format("the plan has version {}, this evalzip reads {}: use the one "
                    "that planned",
                    object.at(kMark).dump(), kPlanVersion));
  }
}

// What cells share; returns how many there are.
std::size_t read_header(const nlohmann::json& object, WidePlan& plan, Registry& registry,
                        PlanUse use) {
  check_mark(object);
  plan.commit = object.at("commit");
  for (const nlohmann::json& argument : object.at("arguments")) {
    plan.arguments.push_back(bytes_from_text(argument.get<std::string>()));
  }
  for (const nlohmann::json& settings : object.at("settings")) {
    plan.settings.push_back(parse_settings(settings.dump()));
  }
  for (const nlohmann::json& codec : object.at("codecs")) {
    plan.codecs.push_back(parsed_codec(codec, registry, use));
  }
  for (const nlohmann::json& document : object.at("documents")) {
    plan.documents.push_back(parsed_document(document));
  }
  for (const nlohmann::json& record : object.at("missing")) {
    plan.missing.push_back(parse_record(record.dump()));
  }
  return object.at("cells");
}

std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return line;
}

WidePlan parse_lines(std::string_view text, Registry& registry, PlanUse use, std::size_t& line) {
  WidePlan plan;
  const std::size_t count = read_header(parse_json_document(next_line(text)), plan, registry, use);
  std::set<std::string> keys;
  while (!text.empty()) {
    ++line;
    plan.cells.push_back(parsed_cell(parse_json_document(next_line(text)), plan));
    if (!keys.insert(plan.cells.back().cell.key).second) {
      throw PlanFileError("its key is that of another cell");
    }
  }
  if (plan.cells.size() != count) {
    throw PlanFileError(fmt::format("the plan ends here, with {} of its {} cells: it was cut short",
                                    plan.cells.size(), count));
  }
  return plan;
}

}  // namespace

Plan plan_of(const WidePlan& plan, const PlannedCell& cell) {
  return {.codecs = {plan.codecs[cell.cell.codec]},
          .documents = {plan.documents[cell.cell.document]},
          .cells = {{.key = cell.cell.key, .codec = 0, .document = 0}},
          .missing = {},
          .settings = plan.settings[cell.settings]};
}

std::string format_plan(const WidePlan& plan) {
  std::string text = header(plan).dump() + "\n";
  for (const PlannedCell& cell : plan.cells) text += written(cell).dump() + "\n";
  return text;
}

WidePlan parse_plan(std::string_view text, Registry& registry, PlanUse use) {
  std::size_t line = 1;
  try {
    return parse_lines(text, registry, use, line);
  } catch (const SpecError&) {
    throw;  // about a codec, not about the text
  } catch (const std::exception& error) {
    throw PlanFileError(fmt::format("line {}: {}", line, error.what()));
  }
}

WidePlan read_plan(const std::filesystem::path& file, Registry& registry, PlanUse use) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    throw std::system_error(in ? EISDIR : errno, std::generic_category(),
                            "cannot read " + file.string());
  }
  const std::string text(std::istreambuf_iterator<char>(in), {});
  try {
    return parse_plan(text, registry, use);
  } catch (const std::exception& error) {
    throw PlanFileError(fmt::format("{}: {}", file.string(), error.what()));
  }
}

}  // namespace evalzip
