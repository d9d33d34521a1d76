// An output stream that keeps little: what is written goes on in pieces of a megabyte.
#pragma once

#include <functional>
#include <ostream>
#include <streambuf>
#include <string_view>
#include <utility>
#include <vector>

namespace evalzip {

// `take` is called with every full piece, and by finish() with the rest. It may throw: the stream
// passes that on.
class PieceStream final : public std::ostream {
 public:
  explicit PieceStream(std::function<void(std::string_view)> take)
      : std::ostream(nullptr), buffer_(std::move(take)) {
    rdbuf(&buffer_);
    exceptions(badbit);
  }
  void finish() { buffer_.hand_on(); }

 private:
  class Buffer final : public std::streambuf {
   public:
    explicit Buffer(std::function<void(std::string_view)> take)
        : take_(std::move(take)), piece_(1 << 20) {
      setp(piece_.data(), piece_.data() + piece_.size());
    }
    void hand_on() {
      if (pptr() != pbase()) take_({pbase(), pptr()});
      setp(piece_.data(), piece_.data() + piece_.size());
    }

   protected:
    int_type overflow(int_type next) override {
      hand_on();
      return traits_type::eq_int_type(next, traits_type::eof())
                 ? traits_type::not_eof(next)
                 : sputc(traits_type::to_char_type(next));
    }

   private:
    std::function<void(std::string_view)> take_;
    std::vector<char> piece_;
  };
  Buffer buffer_;
};

}  // namespace evalzip
