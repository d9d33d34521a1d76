#include "weights/evt_unpack.h"

#include <fmt/format.h>

#include <algorithm>

#include "container/ordered_pipeline.h"
#include "weights/evt_chunk.h"

namespace evalzip {
namespace {

std::string called(const EvtSegment& segment) {
  return segment.name.empty() ? "the bytes between two tensors" : "the tensor " + segment.name;
}

// A chunk on its way.
struct Job {
  const EvtSegment* segment = nullptr;  // as the file of weights has it
  const EvtSegment* stored = nullptr;   // the same, or the one with the same bytes
  std::size_t chunk = 0;
  std::uint64_t offset = 0;  // in the container
  std::vector<std::byte> payload, base, raw;
  Digest hash{};  // of raw
};

class Unpacker {
 public:
  Unpacker(const RandomAccess& container, const EvtIndex& index, const EvtUnpacking& unpacking,
           const ByteSink& sink)
      : container_(container),
        index_(index),
        unpacking_(unpacking),
        sink_(sink),
        decoders_(unpacking.threads) {
    if (unpacking.base != nullptr) {
      base_offsets_ = offsets_in_base(index.segments, *unpacking.base);
    }
  }

  // The segments [first, last) one after the other.
  void run(std::size_t first, std::size_t last) {
    segment_ = first;
    last_segment_ = last;
    OrderedPipeline<Job> pipeline(
        unpacking_.threads, kChunksAhead * unpacking_.threads,
        [this](unsigned worker, Job& job) { decode(decoders_[worker], job); });
    pipeline.run([this](Job& job) { return fill(job); }, [this](Job& job) { drain(job); });
  }

 private:
  const EvtSegment& stored_of(const EvtSegment& segment) const {
    return segment.same_as ? index_.segments[*segment.same_as] : segment;
  }

  bool fill(Job& job) {
    while (segment_ < last_segment_ &&
           chunk_ == stored_of(index_.segments[segment_]).chunks.size()) {
      chunk_ = 0;
      ++segment_;
    }
    if (segment_ == last_segment_) return false;
    job.segment = &index_.segments[segment_];
    job.stored = &stored_of(*job.segment);
    job.chunk = chunk_;
    if (chunk_ == 0) offset_ = job.stored->offset;
    job.offset = offset_;
    offset_ += job.stored->chunks[chunk_].bytes;
    ++chunk_;
    return true;
  }

  void decode(EvtChunkCoder& decoder, Job& job) const {
    const EvtChunk& chunk = job.stored->chunks[job.chunk];
    const std::uint64_t chunk_bytes = job.stored->layout.chunk_bytes();
    const std::uint64_t begin = job.chunk * chunk_bytes;
    job.payload.resize(chunk.bytes);
    container_.read(job.offset, job.payload);
    if (check_of(digest_of(job.payload)) != chunk.check) {
      throw damaged(called(*job.segment) + " has a chunk whose checksum is wrong");
    }
    job.raw.resize(std::min(chunk_bytes, job.stored->size - begin));
    job.base.clear();
    if (EvtChunkCoder::needs_base(job.payload)) read_base(job, begin);
    if (!decoder.decode(job.stored->layout, job.payload, job.base, job.raw)) {
      throw damaged(called(*job.segment) +
                    " has a chunk that is no encoding, with a right checksum");
    }
    job.hash = digest_of(job.raw);
  }

  void read_base(Job& job, std::uint64_t begin) const {
    if (unpacking_.base == nullptr) {
      throw ContainerError(
          ContainerError::Kind::unsuitable,
          fmt::format("{} is stored as its difference from {}: name that file with --base",
                      called(*job.segment), index_.base_name));
    }
    const BaseOffset offset =
        base_offsets_[static_cast<std::size_t>(job.stored - index_.segments.data())];
    if (!offset) throw damaged("the base has no such thing as " + called(*job.stored));
    job.base.resize(job.raw.size());
    unpacking_.base->bytes.read(*offset + begin, job.base);
  }

  void drain(Job& job) {
    tensor_.add(job.hash);
    if (job.chunk + 1 == job.stored->chunks.size()) {
      if (tensor_.digest() != job.segment->hash) {
        throw damaged(called(*job.segment) + " did not come out as it went in");
      }
      tensor_ = ContentHash();
    }
    sink_(job.raw);
    given_ += job.raw.size();
    unpacking_.observe(given_);
  }

  const RandomAccess& container_;
  const EvtIndex& index_;
  const EvtUnpacking& unpacking_;
  const ByteSink& sink_;
  std::vector<EvtChunkCoder> decoders_;
  std::vector<BaseOffset> base_offsets_;  // of segments; empty: there is no base
  ContentHash tensor_;
  std::size_t segment_ = 0, last_segment_ = 0, chunk_ = 0;
  std::uint64_t offset_ = 0, given_ = 0;
};

}  // namespace

void unpack_weights(const RandomAccess& container, const EvtIndex& index,
                    const EvtUnpacking& unpacking, const ByteSink& sink) {
  ContentHash whole;
  for (const EvtSegment& segment : index.segments) whole.add(segment.hash);
  if (whole.digest() != index.hash) throw damaged("its segments are not those of one file");
  Unpacker(container, index, unpacking, sink).run(0, index.segments.size());
}

void unpack_segment(const RandomAccess& container, const EvtIndex& index, const EvtSegment& segment,
                    const EvtUnpacking& unpacking, const ByteSink& sink) {
  const auto number = static_cast<std::size_t>(&segment - index.segments.data());
  Unpacker(container, index, unpacking, sink).run(number, number + 1);
}

bool is_base(const RandomAccess& file, const EvtIndex& index) {
  return digest_of_stretch(file, 0, file.size) == index.base_hash;
}

}  // namespace evalzip
