// Prediction by partial matching: the byte after the longest context that has been seen, else an
// escape to the next shorter one.
//
// Cleary and Witten (1984), with exclusion of what longer contexts have ruled out, update exclusion
// (Moffat, 1990) and the escapes of method D (Howard, 1993): in a context that n bytes followed, q
// of them different, a byte seen c times has (2c - 1) / 2n and the escape q / 2n. Below the empty
// context all bytes that are left are equally likely.
//
// All contexts up to the order are nodes of a tree: the children of a node are the bytes that
// followed it, and each is itself the context that is longer by that byte. `shorter` leads to the
// same string without its first byte (the vine pointers of Bell, Cleary and Witten 1990). Children
// are lists, the youngest first; those of contexts of at most one byte, which may be many, stand in
// tables by their bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "codecs/entropy_model.h"

namespace evalzip {

struct PpmSettings {
  unsigned order = 5;           // 0 to 16
  std::size_t most_nodes = 64;  // of kNodeBytes each; when they are used up, it all starts anew
};

// Enough for a document of `size` bytes, each of which adds order + 1 nodes at most, within
// `memory_bytes`; the least that a PpmModel needs in any case.
PpmSettings ppm_settings(unsigned order, std::size_t size, std::size_t memory_bytes);

// Not thread-safe.
class PpmModel {
 public:
  static constexpr unsigned kGreatestOrder = 16;
  static constexpr std::size_t kNodeBytes = 16;

  // Precondition: most_nodes >= 2 * (order + 2).
  explicit PpmModel(const PpmSettings& settings);

  template <IntervalEncoder Encoder>
  void encode(std::uint8_t byte, Encoder& encoder) {
    code([&](const Choices& choices) {
      const Choice choice = choices.find_byte(byte);
      encoder.put(choice.interval, choices.total);
      return choice;
    });
  }

  template <class Decoder>
  std::uint8_t decode(Decoder& decoder) {
    return code([&](const Choices& choices) {
      const Choice choice = choices.find_point(decoder.point(choices.total));
      decoder.drop(choice.interval);
      return choice;
    });
  }

 private:
  using Index = std::uint32_t;
  static constexpr Index kNone = 0, kRoot = 1;

  static constexpr unsigned kTableDepth = 1;  // the deepest contexts that have tables

  struct Node {
    Index first;    // child, the youngest; or the table of children
    Index next;     // child of the same parent
    Index shorter;  // kNone: this is the root
    std::uint16_t count;
    std::uint8_t byte;
    std::uint8_t depth;  // bytes of context
  };
  static_assert(sizeof(Node) == kNodeBytes);

  struct Table {
    std::array<std::uint16_t, 256> counts{};
    std::array<Index, 256> children{};
  };

  // Which byte, or an escape.
  struct Choice {
    Interval interval;
    bool escape;
    std::uint8_t byte;
    Index node;  // the child; kNone below the empty context
  };

  // What one context, or none, has to choose from: [0, total), the escape last.
  struct Choices {
    const PpmModel& model;
    Index context;  // kNone: below the empty one
    std::uint32_t total, escape;

    Choice find_byte(std::uint8_t wanted) const;
    Choice find_point(std::uint32_t point) const;
    template <class Found>
    Choice find(Found found) const;
  };

  // Asks `choose` until it names a byte, and learns that byte.
  template <class Choose>
  std::uint8_t code(Choose choose) {
    start_byte();
    for (Index context = context_; context != kNone; context = nodes_[context].shorter) {
      const Choices choices = choices_in(context);
      if (choices.total > 0) {
        const Choice choice = choose(choices);
        if (!choice.escape) {
          learn(choice.byte, context, choice.node);
          return choice.byte;
        }
        exclude(context);
      }
      missed_.push_back(context);
    }
    const Choice choice = choose(choices_below());
    learn(choice.byte, kNone, kNone);
    return choice.byte;
  }

  void start_byte();
  Choices choices_in(Index context) const;
  Choices choices_below() const;
  Choices choices(Index context, std::uint32_t total, std::uint32_t different) const;
  bool has_table(Index context) const { return nodes_[context].depth <= kTableDepth; }
  bool excluded(std::uint8_t byte) const { return allowed_[byte] == 0; }
  void exclude(Index context);
  void learn(std::uint8_t byte, Index context, Index child);
  void raise(Index context, Index child);
  Index add_child(Index context, std::uint8_t byte, Index shorter);

  unsigned order_;
  std::size_t most_nodes_;
  std::unique_ptr<Node[]> nodes_;  // [0] is never used
  Index used_ = 0;
  Index context_ = kRoot;
  std::vector<Index> missed_;  // contexts of this byte in which it had not been seen
  std::vector<Table> tables_;  // [0] stands for one without children
  // 0 for bytes that a longer context has ruled out, else 1; and how many are ruled out.
  std::array<std::uint16_t, 256> allowed_{};
  unsigned excluded_ = 0;
};

}  // namespace evalzip
