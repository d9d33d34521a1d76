#include "harness/worker_protocol.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace evalzip {
namespace {

using nlohmann::json;

template <class T>
void put(json& object, const char* name, const std::optional<T>& value) {
  if (value) object[name] = *value;
}

template <class T>
void get(const json& object, const char* name, std::optional<T>& value) {
  if (object.contains(name)) value = object.at(name).get<T>();
}

constexpr const char* kPhases[] = {"create", "encode", "decode"};

}  // namespace

double monotonic_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string format_request(const WorkerRequest& request) {
  json slices = json::array();
  for (const Slice& slice : request.slices) slices.push_back({slice.offset, slice.size});
  json object{{"phase", kPhases[static_cast<int>(request.phase)]},
              {"codec", request.codec},
              {"plugin", request.plugin},
              {"model_file", request.model_file},
              {"slices", slices},
              {"document_hash", request.document_hash},
              {"block_bytes", request.block_bytes},
              {"encoded_blocks", request.encoded_blocks},
              {"threads", request.threads},
              {"samples", request.samples},
              {"min_time_seconds", request.min_time_seconds},
              {"sampling_seconds", request.sampling_seconds},
              {"setup_multiple", request.setup_multiple},
              {"asked_at_seconds", request.asked_at_seconds},
              {"want_ideal_bits", request.want_ideal_bits}};
  put(object, "memory_limit_bytes", request.memory_limit_bytes);
  put(object, "pinned_cpu", request.pinned_cpu);
  if (request.count_instructions) object["count_instructions"] = true;
  return object.dump();
}

WorkerRequest parse_request(std::string_view text) {
  const json object = json::parse(text);
  WorkerRequest request;
  const auto phase = std::ranges::find(kPhases, object.at("phase").get<std::string>());
  if (phase == std::end(kPhases)) throw std::runtime_error("unknown phase");
  request.phase = static_cast<Phase>(phase - kPhases);
  request.codec = object.at("codec");
  request.plugin = object.at("plugin");
  request.model_file = object.at("model_file");
  for (const json& slice : object.at("slices")) {
    request.slices.push_back({.offset = slice.at(0), .size = slice.at(1)});
  }
  request.document_hash = object.at("document_hash");
  request.block_bytes = object.at("block_bytes");
  request.encoded_blocks = object.at("encoded_blocks").get<std::vector<std::uint64_t>>();
  request.threads = object.at("threads");
  request.samples = object.at("samples");
  request.min_time_seconds = object.at("min_time_seconds");
  request.sampling_seconds = object.at("sampling_seconds");
  request.setup_multiple = object.at("setup_multiple");
  request.asked_at_seconds = object.at("asked_at_seconds");
  request.want_ideal_bits = object.at("want_ideal_bits");
  get(object, "memory_limit_bytes", request.memory_limit_bytes);
  get(object, "pinned_cpu", request.pinned_cpu);
  request.count_instructions = object.value("count_instructions", false);
  return request;
}

std::string format_reply(const WorkerReply& reply) {
  json samples = json::array();
  for (const Sample& sample : reply.samples) {
    samples.push_back({sample.seconds, sample.cpu_seconds, sample.calls});
  }
  json object{{"outcome", to_string(reply.outcome)},
              {"detail", reply.detail},
              {"encoded_blocks", reply.encoded_blocks},
              {"encoded_hash", reply.encoded_hash},
              {"samples", samples},
              {"first_call_seconds", reply.first_call_seconds},
              {"codec_seconds", reply.codec_seconds},
              {"bad_request", reply.bad_request},
              {"environment", reply.environment}};
  put(object, "model_bytes", reply.model_bytes);
  put(object, "peak_bytes", reply.peak_bytes);
  put(object, "instructions", reply.instructions);
  put(object, "ideal_bits", reply.ideal_bits);
  put(object, "model_parameters", reply.model_parameters);
  put(object, "multiply_adds", reply.multiply_adds);
  put(object, "cross_entropy_bits", reply.cross_entropy_bits);
  // A codec's own words may hold any bytes; they are shown, not trusted.
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

WorkerReply parse_reply(std::string_view text) {
  const json object = json::parse(text);
  WorkerReply reply;
  const auto outcome = outcome_named(object.at("outcome").get<std::string>());
  if (!outcome) throw std::runtime_error("the worker answered with an unknown outcome");
  reply.outcome = *outcome;
  reply.detail = object.at("detail");
  reply.encoded_blocks = object.at("encoded_blocks").get<std::vector<std::uint64_t>>();
  reply.encoded_hash = object.at("encoded_hash");
  for (const json& sample : object.at("samples")) {
    reply.samples.push_back(
        {.seconds = sample.at(0), .cpu_seconds = sample.at(1), .calls = sample.at(2)});
  }
  reply.first_call_seconds = object.at("first_call_seconds");
  reply.codec_seconds = object.at("codec_seconds");
  reply.bad_request = object.at("bad_request");
  reply.environment = object.at("environment");
  get(object, "model_bytes", reply.model_bytes);
  get(object, "peak_bytes", reply.peak_bytes);
  get(object, "instructions", reply.instructions);
  get(object, "ideal_bits", reply.ideal_bits);
  get(object, "model_parameters", reply.model_parameters);
  get(object, "multiply_adds", reply.multiply_adds);
  get(object, "cross_entropy_bits", reply.cross_entropy_bits);
  return reply;
}

}  // namespace evalzip
