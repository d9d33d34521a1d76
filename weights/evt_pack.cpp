#include "weights/evt_pack.h"

#include <algorithm>
#include <map>
#include <memory>

#include "container/ordered_pipeline.h"
#include "weights/evt_chunk.h"

namespace evalzip {
namespace {

// The file as segments: tensors, and what lies before, between and behind them.
std::vector<EvtSegment> segments_of(const WeightsFile& weights) {
  std::vector<EvtSegment> segments;
  std::uint64_t at = 0;
  const auto fill_up_to = [&](std::uint64_t next) {
    if (next > at) segments.push_back({.name = {}, .type = {}, .shape = {}, .size = next - at});
    at = next;
  };
  for (const TensorEntry& tensor : weights.index.tensors) {
    fill_up_to(tensor.offset);
    segments.push_back({.name = tensor.name,
                        .type = tensor.type,
                        .shape = tensor.shape,
                        .layout = tensor.layout,
                        .size = tensor.size});
    at += tensor.size;
  }
  fill_up_to(weights.bytes.size);
  return segments;
}

// Of a few pieces: tensors that differ differ there, but for those that were made to.
Digest digest_of_sample(const RandomAccess& file, std::uint64_t offset, std::uint64_t size) {
  constexpr std::uint64_t kPieces = 4, kPiece = 4096;
  ContentHash hash;
  std::vector<std::byte> piece(std::min(kPiece, size));
  for (std::uint64_t i = 0; i < kPieces; ++i) {
    file.read(offset + (size - piece.size()) / (kPieces - 1) * i, piece);
    hash.add(piece);
  }
  return hash.digest();
}

struct Place {
  std::uint32_t segment;
  std::uint64_t offset;
};

// Marks those of some tensors of one size whose bytes an earlier one has.
void find_twins(const RandomAccess& file, std::span<const Place> places,
                std::vector<EvtSegment>& segments) {
  std::map<Digest, std::uint32_t> first;
  for (const Place& place : places) {
    EvtSegment& segment = segments[place.segment];
    const Digest digest = digest_of_stretch(file, place.offset, segment.size);
    const auto [twin, is_new] = first.emplace(digest, place.segment);
    if (is_new) continue;
    segment.same_as = twin->second;
    segment.layout = segments[twin->second].layout;  // their chunks are the same, too
  }
}

// Only tensors of one size and one sample are read whole for it.
void find_all_twins(const WeightsFile& weights, std::vector<EvtSegment>& segments) {
  std::map<std::uint64_t, std::vector<Place>> by_size;
  std::uint64_t offset = 0;
  for (std::uint32_t i = 0; i < segments.size(); offset += segments[i++].size) {
    if (!segments[i].name.empty() && segments[i].size > 0) {
      by_size[segments[i].size].push_back({i, offset});
    }
  }
  for (const auto& [size, places] : by_size) {
    if (places.size() < 2) continue;
    std::map<Digest, std::vector<Place>> by_sample;
    for (const Place& place : places) {
      by_sample[digest_of_sample(weights.bytes, place.offset, size)].push_back(place);
    }
    for (const auto& [sample, alike] : by_sample) {
      if (alike.size() > 1) find_twins(weights.bytes, alike, segments);
    }
  }
}

// A chunk on its way.
struct Job {
  std::size_t segment = 0;
  std::uint64_t offset = 0;  // in the file of weights
  BaseOffset base_offset;    // in the base
  bool last = false;         // of its segment
  std::vector<std::byte> raw, base, payload;
  Digest hash{};  // of raw
  Check check{};  // of payload
};

class Packer {
 public:
  Packer(const WeightsFile& weights, const EvtPacking& packing, const ByteSink& sink)
      : weights_(weights), packing_(packing), sink_(sink) {
    for (unsigned i = 0; i < packing.threads; ++i) encoders_.emplace_back(packing.code);
    index_.file_format = weights.index.file_format;
    index_.size = weights.bytes.size;
    index_.segments = segments_of(weights);
    find_all_twins(weights, index_.segments);
    if (packing.base != nullptr) use_base(*packing.base);
  }

  EvtIndex pack() {
    sink_(write_evt_header());
    written_ = kEvtHeaderBytes;
    OrderedPipeline<Job> pipeline(
        packing_.threads, kChunksAhead * packing_.threads,
        [this](unsigned worker, Job& job) { encode(encoders_[worker], job); });
    pipeline.run([this](Job& job) { return fill(job); }, [this](Job& job) { drain(job); });
    ContentHash whole;
    for (const EvtSegment& segment : index_.segments) whole.add(segment.hash);
    index_.hash = whole.digest();
    sink_(write_evt_index(index_, written_));
    return std::move(index_);
  }

 private:
  void use_base(const WeightsFile& base) {
    base_offsets_ = offsets_in_base(index_.segments, base);
    if (std::ranges::none_of(base_offsets_, &BaseOffset::has_value)) {
      throw ContainerError(ContainerError::Kind::unsuitable,
                           base.name +
                               " has no tensor of these names, types and shapes: it is no "
                               "base of this file");
    }
    index_.base_name = base.name;
    index_.base_hash = digest_of_stretch(base.bytes, 0, base.bytes.size);
  }

  // The next chunk of the file, twins included: their bytes are hashed too.
  bool fill(Job& job) {
    while (segment_ < index_.segments.size() && done_ == index_.segments[segment_].size) {
      done_ = 0;
      ++segment_;
    }
    if (segment_ == index_.segments.size()) return false;
    const EvtSegment& segment = index_.segments[segment_];
    const std::uint64_t size =
        std::min<std::uint64_t>(segment.layout.chunk_bytes(), segment.size - done_);
    job.segment = segment_;
    job.raw.resize(size);
    job.offset = read_;
    job.base_offset.reset();
    if (packing_.base != nullptr && base_offsets_[segment_]) {
      job.base_offset = *base_offsets_[segment_] + done_;
    }
    done_ += size;
    read_ += size;
    job.last = done_ == segment.size;
    return true;
  }

  void encode(EvtChunkCoder& encoder, Job& job) const {
    const EvtSegment& segment = index_.segments[job.segment];
    weights_.bytes.read(job.offset, job.raw);
    job.hash = digest_of(job.raw);
    if (segment.same_as) return;
    job.base.resize(job.base_offset ? job.raw.size() : 0);
    if (job.base_offset) packing_.base->bytes.read(*job.base_offset, job.base);
    encoder.encode(segment.layout, job.raw, job.base, job.payload);
    job.check = check_of(digest_of(job.payload));
  }

  void drain(Job& job) {
    EvtSegment& segment = index_.segments[job.segment];
    tensor_.add(job.hash);
    if (!segment.same_as) {
      if (segment.chunks.empty()) segment.offset = written_;
      segment.chunks.push_back(
          {.bytes = static_cast<std::uint32_t>(job.payload.size()), .check = job.check});
      sink_(job.payload);
      written_ += job.payload.size();
    }
    if (job.last) {
      segment.hash = tensor_.digest();
      tensor_ = ContentHash();
    }
    drained_ += job.raw.size();
    packing_.observe(drained_);
  }

  const WeightsFile& weights_;
  const EvtPacking& packing_;
  const ByteSink& sink_;
  std::vector<EvtChunkCoder> encoders_;
  std::vector<BaseOffset> base_offsets_;  // of segments
  EvtIndex index_;
  ContentHash tensor_;
  std::size_t segment_ = 0;
  std::uint64_t done_ = 0;  // of the segment
  std::uint64_t read_ = 0, drained_ = 0, written_ = 0;
};

}  // namespace

std::vector<BaseOffset> offsets_in_base(std::span<const EvtSegment> segments,
                                        const WeightsFile& base) {
  std::map<std::string_view, const TensorEntry*> tensors;
  for (const TensorEntry& one : base.index.tensors) tensors.emplace(one.name, &one);
  std::vector<BaseOffset> offsets;
  for (const EvtSegment& segment : segments) {
    const auto found = tensors.find(segment.name);
    const bool same = !segment.name.empty() && found != tensors.end() &&
                      found->second->type == segment.type &&
                      found->second->shape == segment.shape && found->second->size == segment.size;
    offsets.push_back(same ? BaseOffset(found->second->offset) : std::nullopt);
  }
  return offsets;
}

EvtIndex pack_weights(const WeightsFile& weights, const EvtPacking& packing, const ByteSink& sink) {
  return Packer(weights, packing, sink).pack();
}

}  // namespace evalzip
