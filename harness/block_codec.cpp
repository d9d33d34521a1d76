#include "harness/block_codec.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <numeric>
#include <thread>

namespace evalzip {

BlockCodec::BlockCodec(const CodecMaker& make, std::uint64_t block_bytes, unsigned threads)
    : block_bytes_(block_bytes == 0 ? std::numeric_limits<std::size_t>::max() : block_bytes) {
  for (unsigned i = 0; i < std::max(1u, threads); ++i) codecs_.push_back(make());
}

std::size_t BlockCodec::block_count(std::size_t size) const {
  return size == 0 ? 1 : (size - 1) / block_bytes_ + 1;
}

std::size_t BlockCodec::block_size(std::size_t size, std::size_t index) const {
  return std::min(block_bytes_, size - block_begin(index));
}

std::size_t BlockCodec::bound(std::size_t size) const {
  const std::size_t last = block_count(size) - 1;
  const std::size_t full = last == 0 ? 0 : last * codecs_.front()->bound(block_bytes_);
  return full + codecs_.front()->bound(block_size(size, last));
}

Bytes BlockCodec::encoded_block(Bytes output, std::size_t document_size, std::size_t index) const {
  const bool only = block_count(document_size) == 1;
  const std::size_t slot = only ? 0 : codecs_.front()->bound(block_bytes_);
  return output.subspan(index * slot, encoded_[index]);
}

std::optional<Fault> BlockCodec::encode(Bytes document, MutableBytes output) {
  const std::size_t count = block_count(document.size());
  const std::size_t slot = count == 1 ? 0 : codecs_.front()->bound(block_bytes_);
  encoded_.assign(count, 0);
  return for_each_block(count, [&](Codec& codec, std::size_t index) -> std::optional<Fault> {
    const Bytes block = document.subspan(block_begin(index), block_size(document.size(), index));
    const MutableBytes room = output.subspan(index * slot, codec.bound(block.size()));
    const Result<std::size_t> written = codec.encode(block, room);
    if (!written) return written.error();
    // More bytes than there was room for: a lie, or memory that is not ours was written.
    if (written.value() > room.size()) return Fault::internal_error;
    encoded_[index] = written.value();
    return std::nullopt;
  });
}

Result<std::size_t> BlockCodec::decode(Bytes input, const std::vector<std::uint64_t>& encoded_sizes,
                                       MutableBytes document) {
  const std::size_t count = block_count(document.size());
  if (encoded_sizes.size() != count) return Fault::corrupt_input;
  std::vector<std::size_t> begins(count, 0);
  std::exclusive_scan(encoded_sizes.begin(), encoded_sizes.end(), begins.begin(), std::size_t{0});
  std::atomic<std::size_t> total = 0;
  const auto fault =
      for_each_block(count, [&](Codec& codec, std::size_t index) -> std::optional<Fault> {
        const MutableBytes block =
            document.subspan(block_begin(index), block_size(document.size(), index));
        const Result<std::size_t> written =
            codec.decode(input.subspan(begins[index], encoded_sizes[index]), block);
        if (!written) return written.error();
        total += written.value();
        return std::nullopt;
      });
  if (fault) return *fault;
  return total.load();
}

std::optional<double> BlockCodec::ideal_bits(Bytes document) {
  double sum = 0;
  for (std::size_t index = 0; index < block_count(document.size()); ++index) {
    const auto bits = codecs_.front()->ideal_bits(
        document.subspan(block_begin(index), block_size(document.size(), index)));
    if (!bits) return std::nullopt;
    sum += *bits;
  }
  return sum;
}

std::optional<ModelWork> BlockCodec::model_work(Bytes document) {
  ModelWork sum;
  for (std::size_t index = 0; index < block_count(document.size()); ++index) {
    const auto work = codecs_.front()->model_work(
        document.subspan(block_begin(index), block_size(document.size(), index)));
    if (!work) return std::nullopt;
    sum.parameters = work->parameters;
    sum.multiply_adds += work->multiply_adds;
    sum.cross_entropy_bits += work->cross_entropy_bits;
  }
  return sum;
}

std::optional<Fault> BlockCodec::for_each_block(
    std::size_t count, const std::function<std::optional<Fault>(Codec&, std::size_t)>& work) {
  if (codecs_.size() == 1) {
    for (std::size_t index = 0; index < count; ++index) {
      if (const auto fault = work(*codecs_.front(), index)) return fault;
    }
    return std::nullopt;
  }
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::optional<Fault> first_fault;
  std::exception_ptr first_exception;
  const auto code = [&](Codec& codec, std::size_t index) {
    const auto fault = work(codec, index);
    if (!fault) return;
    const std::lock_guard lock(mutex);
    first_fault = fault;
    next = count;
  };
  const auto drain = [&](Codec& codec) {
    try {
      for (std::size_t index = next++; index < count; index = next++) code(codec, index);
    } catch (...) {
      const std::lock_guard lock(mutex);
      first_exception = std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (const auto& codec : codecs_) threads.emplace_back([&] { drain(*codec); });
  }
  if (first_exception) std::rethrow_exception(first_exception);
  return first_fault;
}

}  // namespace evalzip
