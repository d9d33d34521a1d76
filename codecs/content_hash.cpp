#include "codecs/content_hash.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <cstring>
#include <new>

namespace evalzip {
namespace {

Digest canonical(XXH128_hash_t hash) {
  XXH128_canonical_t ordered;
  XXH128_canonicalFromHash(&ordered, hash);
  Digest digest;
  static_assert(sizeof ordered.digest == sizeof digest);
  std::memcpy(digest.data(), ordered.digest, sizeof digest);
  return digest;
}

}  // namespace

ContentHash::ContentHash()
    : state_(XXH3_createState(),
             [](void* state) { XXH3_freeState(static_cast<XXH3_state_t*>(state)); }) {
  if (!state_) throw std::bad_alloc();
  XXH3_128bits_reset(static_cast<XXH3_state_t*>(state_.get()));
}

void ContentHash::add(std::span<const std::byte> bytes) {
  XXH3_128bits_update(static_cast<XXH3_state_t*>(state_.get()), bytes.data(), bytes.size());
}

Digest ContentHash::digest() const {
  return canonical(XXH3_128bits_digest(static_cast<XXH3_state_t*>(state_.get())));
}

std::string ContentHash::hex() const { return evalzip::hex(digest()); }

Digest digest_of(std::span<const std::byte> bytes) {
  return canonical(XXH3_128bits(bytes.data(), bytes.size()));
}

std::string hex(const Digest& digest) {
  std::string text;
  for (const std::byte byte : digest) text += fmt::format("{:02x}", std::to_integer<int>(byte));
  return text;
}

}  // namespace evalzip
