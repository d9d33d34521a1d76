#include "container/evz_block.h"

#include <fmt/format.h>

#include "container/container_error.h"
#include "container/fields.h"

namespace evalzip {
namespace {

// Of the head's fields and the payload, so that damage is found before a decoder sees it.
Check block_check(Bytes fields, Bytes payload) {
  ContentHash hash;
  hash.add(fields);
  hash.add(payload);
  return check_of(hash.digest());
}

struct Sizes {
  BlockMethod method;
  std::uint32_t raw, encoded;
};

void check_sizes(const Sizes& sizes, std::uint32_t block_bytes) {
  const bool coded = sizes.method == BlockMethod::coded && sizes.encoded < sizes.raw;
  const bool stored = sizes.method == BlockMethod::stored && sizes.encoded == sizes.raw;
  if (sizes.raw == 0 || sizes.raw > block_bytes || !(coded || stored)) {
    throw damaged("a block's head holds what no writer puts there");
  }
}

}  // namespace

void encode_block(Codec& codec, EvzBlock& block) {
  block.raw_bytes = static_cast<std::uint32_t>(block.raw.size());
  block.hash = digest_of(block.raw);
  block.payload.resize(codec.bound(block.raw.size()));
  const Result<std::size_t> written = codec.encode(block.raw, block.payload);
  if (!written) {
    throw ContainerError(ContainerError::Kind::unsuitable,
                         fmt::format("the codec refused a block of {} bytes ({})", block.raw_bytes,
                                     to_string(written.error())));
  }
  const bool smaller = written.value() < block.raw.size();
  block.method = smaller ? BlockMethod::coded : BlockMethod::stored;
  block.payload.resize(smaller ? written.value() : 0);
}

Bytes payload_of(const EvzBlock& block) {
  return block.method == BlockMethod::stored ? block.raw : block.payload;
}

std::vector<std::byte> write_block_head(const EvzBlock& block) {
  const Bytes payload = payload_of(block);
  FieldWriter head;
  head.number(static_cast<std::uint8_t>(block.method))
      .number(block.raw_bytes)
      .number(static_cast<std::uint32_t>(payload.size()))
      .array(block.hash);
  const Check check = block_check(head.bytes(), payload);
  head.array(check);
  return head.bytes();
}

bool read_block(const ByteSource& source, std::uint32_t block_bytes, EvzBlock& block) {
  std::array<std::byte, kBlockHeadBytes> head;
  if (source(MutableBytes(head).first(1)) != 1) throw damaged("it ends between two blocks");
  if (head[0] == static_cast<std::byte>(BlockMethod::end)) return false;
  if (source(MutableBytes(head).subspan(1)) != head.size() - 1) {
    throw damaged("it ends within a block's head");
  }
  FieldReader fields(head);
  Sizes sizes{};
  sizes.method = static_cast<BlockMethod>(fields.number<std::uint8_t>());
  sizes.raw = fields.number<std::uint32_t>();
  sizes.encoded = fields.number<std::uint32_t>();
  check_sizes(sizes, block_bytes);
  block.method = sizes.method;
  block.raw_bytes = sizes.raw;
  block.hash = fields.array<sizeof(Digest)>();
  const Check check = fields.array<sizeof(Check)>();
  std::vector<std::byte>& payload = sizes.method == BlockMethod::stored ? block.raw : block.payload;
  read_up_to(source, sizes.encoded, payload);
  if (payload.size() != sizes.encoded) throw damaged("it ends within a block");
  if (check != block_check(Bytes(head).first(head.size() - sizeof(Check)), payload)) {
    throw damaged("a block's checksum is wrong");
  }
  return true;
}

void decode_block(Codec& codec, EvzBlock& block) {
  if (block.method == BlockMethod::coded) {
    block.raw.resize(block.raw_bytes);
    const Result<std::size_t> written = codec.decode(block.payload, block.raw);
    if (!written || written.value() != block.raw_bytes) {
      throw ContainerError(ContainerError::Kind::undecodable,
                           fmt::format("the decoder refused a block whose checksum is right ({})",
                                       written ? "wrong size" : to_string(written.error())));
    }
  }
  if (digest_of(block.raw) != block.hash) {
    throw ContainerError(ContainerError::Kind::undecodable,
                         "a block's checksum is right, but not that of the bytes decoded from it");
  }
}

}  // namespace evalzip
