#include "container/evz_tail.h"

#include "container/evz_block.h"
#include "container/fields.h"

namespace evalzip {

std::vector<std::byte> write_evz_tail(const EvzTail& tail) {
  FieldWriter fields;
  fields.number(static_cast<std::uint8_t>(BlockMethod::end));
  for (const std::uint32_t size : tail.payload_bytes) fields.number(size);
  fields.number(tail.raw_bytes)
      .array(tail.hash)
      .number(static_cast<std::uint64_t>(tail.payload_bytes.size()));
  const Check check = check_of(digest_of(fields.bytes()));
  fields.array(check);
  return fields.bytes();
}

EvzTail read_evz_tail(const ByteSource& source, std::size_t blocks) {
  std::vector<std::byte> bytes(1 + blocks * sizeof(std::uint32_t) + kTailEndBytes);
  bytes[0] = static_cast<std::byte>(BlockMethod::end);  // the check is of that too
  const MutableBytes rest = MutableBytes(bytes).subspan(1);
  if (source(rest) != rest.size()) throw damaged("it ends within the table of blocks");
  FieldReader fields(rest);
  EvzTail tail;
  tail.payload_bytes.resize(blocks);
  for (std::uint32_t& size : tail.payload_bytes) size = fields.number<std::uint32_t>();
  tail.raw_bytes = fields.number<std::uint64_t>();
  tail.hash = fields.array<sizeof(Digest)>();
  const auto count = fields.number<std::uint64_t>();
  const Check check = fields.array<sizeof(Check)>();
  if (check != check_of(digest_of(Bytes(bytes).first(bytes.size() - sizeof(Check)))) ||
      count != blocks) {
    throw damaged("the checksum of the table of blocks is wrong");
  }
  std::array<std::byte, 1> beyond;
  if (source(beyond) != 0) throw damaged("there are bytes after its end");
  return tail;
}

}  // namespace evalzip
