#include "weights/evt_pack.h"

#include <algorithm>
#include <map>
#include <memory>

#include "container/ordered_pipeline.h"
#include "weights/evt_chunk.h"

namespace evalzip {
namespace {

// Calls act(bytes) for piece after piece of a stretch of a file.
template <class Act>
void for_each_piece(const RandomAccess& file, std::uint64_t offset, std::uint64_t size, Act act) {
  constexpr std::uint64_t kPiece = 1 << 20;
  std::vector<std::byte> piece;
  for (std::uint64_t done = 0; done < size; done += piece.size()) {
    piece.resize(std::min(kPiece, size - done));
    file.read(offset + done, piece);
    act(Bytes(piece));
  }
}

Digest digest_of_stretch(const RandomAccess& file, std::uint64_t offset, std::uint64_t size) {
  ContentHash hash;
  for_each_piece(file, offset, size, [&](Bytes bytes) { hash.add(bytes); });
  return hash.digest();
}

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

// Marks tensors whose bytes an earlier one has. Only those of one size are read for it.
void find_twins(const WeightsFile& weights, std::vector<EvtSegment>& segments) {
  std::map<std::uint64_t, std::vector<std::pair<std::uint32_t, std::uint64_t>>> by_size;
  std::uint64_t offset = 0;
  for (std::uint32_t i = 0; i < segments.size(); offset += segments[i++].size) {
    if (!segments[i].name.empty() && segments[i].size > 0) {
      by_size[segments[i].size].emplace_back(i, offset);
    }
  }
  for (const auto& [size, places] : by_size) {
    if (places.size() < 2) continue;
    std::map<Digest, std::uint32_t> first;
    for (const auto& [number, at] : places) {
      const Digest digest = digest_of_stretch(weights.bytes, at, size);
      const auto [twin, is_new] = first.emplace(digest, number);
      if (!is_new) segments[number].same_as = twin->second;
    }
  }
}

// Where a tensor's counterpart of a base lies; absent if it has none of that name, type and shape.
std::optional<std::uint64_t> offset_in_base(const EvtSegment& segment, const WeightsFile& base) {
  const auto& tensors = base.index.tensors;
  const auto found = std::ranges::find(tensors, segment.name, &TensorEntry::name);
  const bool same = !segment.name.empty() && found != tensors.end() &&
                    found->type == segment.type && found->shape == segment.shape &&
                    found->size == segment.size;
  return same ? std::optional(found->offset) : std::nullopt;
}

// A chunk on its way.
struct Job {
  std::size_t segment = 0;
  bool last = false;  // of its segment
  std::vector<std::byte> raw, base, payload;
};

class Packer {
 public:
  Packer(const WeightsFile& weights, const EvtPacking& packing, const ByteSink& sink)
      : weights_(weights), packing_(packing), sink_(sink), encoders_(packing.threads) {
    index_.file_format = weights.index.file_format;
    index_.size = weights.bytes.size;
    index_.segments = segments_of(weights);
    find_twins(weights, index_.segments);
    if (packing.base != nullptr) use_base(*packing.base);
  }

  EvtIndex pack() {
    sink_(write_evt_header());
    written_ = kEvtHeaderBytes;
    OrderedPipeline<Job> pipeline(packing_.threads, [this](unsigned worker, Job& job) {
      const EvtSegment& segment = index_.segments[job.segment];
      if (!segment.same_as) {
        encoders_[worker].encode(segment.layout, job.raw, job.base, job.payload);
      }
    });
    pipeline.run([this](Job& job) { return fill(job); }, [this](Job& job) { drain(job); });
    index_.hash = whole_.digest();
    sink_(write_evt_index(index_, written_));
    return std::move(index_);
  }

 private:
  void use_base(const WeightsFile& base) {
    bool any = false;
    for (const EvtSegment& segment : index_.segments) {
      base_offsets_.push_back(offset_in_base(segment, base));
      any |= base_offsets_.back().has_value();
    }
    if (!any) {
      throw ContainerError(ContainerError::Kind::unsuitable,
                           base.name +
                               " has no tensor of these names, types and shapes: it is no "
                               "base of this file");
    }
    index_.base_name = base.name;
    index_.base_hash = digest_of_stretch(base.bytes, 0, base.bytes.size);
  }

  // The next chunk of the file, twins included: their bytes are hashed with the rest.
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
    weights_.bytes.read(read_, job.raw);
    job.base.clear();
    if (packing_.base != nullptr && base_offsets_[segment_]) {
      job.base.resize(size);
      packing_.base->bytes.read(*base_offsets_[segment_] + done_, job.base);
    }
    done_ += size;
    read_ += size;
    job.last = done_ == segment.size;
    return true;
  }

  void drain(Job& job) {
    EvtSegment& segment = index_.segments[job.segment];
    whole_.add(job.raw);
    tensor_.add(job.raw);
    if (!segment.same_as) {
      if (segment.chunks.empty()) segment.offset = written_;
      segment.chunks.push_back({.bytes = static_cast<std::uint32_t>(job.payload.size()),
                                .check = check_of(digest_of(job.payload))});
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
  std::vector<std::optional<std::uint64_t>> base_offsets_;  // of segments
  EvtIndex index_;
  ContentHash whole_, tensor_;
  std::size_t segment_ = 0;
  std::uint64_t done_ = 0;  // of the segment
  std::uint64_t read_ = 0, drained_ = 0, written_ = 0;
};

}  // namespace

EvtIndex pack_weights(const WeightsFile& weights, const EvtPacking& packing, const ByteSink& sink) {
  return Packer(weights, packing, sink).pack();
}

}  // namespace evalzip
