#include "container/evz_stream.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <vector>

#include "container/container_error.h"
#include "container/evz_block.h"
#include "container/fields.h"
#include "container/ordered_pipeline.h"

namespace evalzip {
namespace {

std::vector<std::unique_ptr<Codec>> make_codecs(const EvzWork& work) {
  std::vector<std::unique_ptr<Codec>> codecs;
  for (unsigned i = 0; i < work.threads; ++i) codecs.push_back(work.make());
  return codecs;
}

// What is known of the blocks that went by.
class Ledger {
 public:
  explicit Ledger(std::uint64_t header_bytes) { totals_.file_bytes = header_bytes; }

  const EvzTotals& add(const EvzBlock& block) {
    const std::size_t payload = payload_of(block).size();
    hash_.add(block.raw);
    tail_.payload_bytes.push_back(static_cast<std::uint32_t>(payload));
    totals_.raw_bytes += block.raw_bytes;
    totals_.file_bytes += kBlockHeadBytes + payload;
    ++totals_.blocks;
    return totals_;
  }

  const EvzTail& close() {
    totals_.hash = tail_.hash = hash_.digest();
    tail_.raw_bytes = totals_.raw_bytes;
    totals_.file_bytes += 1 + tail_.payload_bytes.size() * sizeof(std::uint32_t) + kTailEndBytes;
    return tail_;
  }

  const EvzTotals& totals() const { return totals_; }

 private:
  ContentHash hash_;
  EvzTail tail_;
  EvzTotals totals_;
};

}  // namespace

EvzTotals compress(const EvzHeader& header, const EvzWork& work, const ByteSource& raw,
                   const ByteSink& file) {
  const auto codecs = make_codecs(work);
  const std::vector<std::byte> head = write_evz_header(header);
  file(head);
  Ledger ledger(head.size());
  OrderedPipeline<EvzBlock> pipeline(work.threads, 1, [&](unsigned worker, EvzBlock& block) {
    encode_block(*codecs[worker], block);
  });
  bool ended = false;
  const auto fill = [&](EvzBlock& block) {
    if (ended) return false;
    read_up_to(raw, header.block_bytes, block.raw);
    ended = block.raw.size() < header.block_bytes;
    return !block.raw.empty();
  };
  pipeline.run(fill, [&](EvzBlock& block) {
    file(write_block_head(block));
    file(payload_of(block));
    work.observe(ledger.add(block));
  });
  file(write_evz_tail(ledger.close()));
  return ledger.totals();
}

EvzTotals decompress(const SizedHeader& header, const EvzWork& work, const ByteSource& file,
                     const ByteSink& raw) {
  const auto codecs = make_codecs(work);
  Ledger ledger(header.bytes);
  OrderedPipeline<EvzBlock> pipeline(work.threads, 1, [&](unsigned worker, EvzBlock& block) {
    decode_block(*codecs[worker], block);
  });
  bool last = false;
  const auto fill = [&](EvzBlock& block) {
    if (!read_block(file, header.header.block_bytes, block)) return false;
    if (last) throw damaged("a block that is not full is not the last");
    last = block.raw_bytes < header.header.block_bytes;
    return true;
  };
  pipeline.run(fill, [&](EvzBlock& block) {
    raw(block.raw);
    work.observe(ledger.add(block));
  });
  const EvzTail found = read_evz_tail(file, ledger.totals().blocks);
  if (found != ledger.close()) {
    throw damaged("the blocks are not those that the table at its end names");
  }
  return ledger.totals();
}

EvzSummary summarise_evz(std::uint64_t file_bytes,
                         const std::function<void(std::uint64_t, MutableBytes)>& read_at) {
  std::uint64_t offset = 0;
  const ByteSource source = [&](MutableBytes bytes) {
    const std::size_t have = std::min<std::uint64_t>(bytes.size(), file_bytes - offset);
    read_at(offset, bytes.first(have));
    offset += have;
    return have;
  };
  const SizedHeader head = read_evz_header(source);
  const std::uint64_t body = file_bytes - head.bytes;
  if (body < 1 + kTailEndBytes) throw damaged("it ends before its table of blocks");
  std::array<std::byte, kTailEndBytes> end;
  read_at(file_bytes - end.size(), end);
  FieldReader fields(Bytes(end).subspan(sizeof(std::uint64_t) + sizeof(Digest)));
  const auto blocks = fields.number<std::uint64_t>();
  if (blocks > (body - 1 - kTailEndBytes) / (kBlockHeadBytes + sizeof(std::uint32_t))) {
    throw damaged("its table of blocks is longer than the file");
  }
  offset = file_bytes - kTailEndBytes - blocks * sizeof(std::uint32_t);
  const std::uint64_t table = offset;
  const EvzTail tail = read_evz_tail(source, blocks);
  const std::uint64_t payload =
      std::accumulate(tail.payload_bytes.begin(), tail.payload_bytes.end(), std::uint64_t{0});
  if (head.bytes + blocks * kBlockHeadBytes + payload + 1 != table) {
    throw damaged("its blocks do not have the sizes that the table at its end names");
  }
  return {.header = head.header,
          .totals = {.raw_bytes = tail.raw_bytes,
                     .file_bytes = file_bytes,
                     .blocks = blocks,
                     .hash = tail.hash}};
}

}  // namespace evalzip
