// Many counters, of which few may be used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace evalzip {

// Zeros at first. The system hands them out page by page as they are touched, so that those never
// used cost nothing. Throws std::bad_alloc.
class Counters {
 public:
  explicit Counters(std::size_t size)
      : first_(static_cast<std::uint32_t*>(std::calloc(size, sizeof(std::uint32_t)))) {
    if (!first_) throw std::bad_alloc();
  }

  std::uint32_t& operator[](std::size_t at) { return first_.get()[at]; }
  const std::uint32_t* from(std::size_t at) const { return first_.get() + at; }

 private:
  struct Free {
    void operator()(std::uint32_t* counters) const { std::free(counters); }
  };
  std::unique_ptr<std::uint32_t, Free> first_;
};

}  // namespace evalzip
