// One model for each context: the last symbol, the last two, or none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>

#include "codecs/arena.h"
#include "codecs/entropy_model.h"

namespace evalzip {

// Models of the symbol after 0, 1 or 2 others of up to 8 bits each, all starting as copies of one.
// A context costs memory, of the arena, from when it is first seen. A Cursor goes from symbol to
// symbol; being a variable of the loop that has it, it lives in registers.
template <class Model, unsigned kOrder>
class ContextModels {
  static_assert(kOrder == 1 || kOrder == 2);
  static_assert(std::is_trivially_copyable_v<Model>, "an arena destroys nothing");

 public:
  // The arena must outlive the models; what it held before is taken back.
  ContextModels(const Model& prototype, Arena& arena) : prototype_(prototype), arena_(arena) {
    constexpr std::size_t kContexts = std::size_t{1} << (8 * kOrder);
    arena_.reset();
    models_ = static_cast<Model**>(arena_.allocate(kContexts * sizeof(Model*)));
    std::fill_n(models_, kContexts, nullptr);
  }

  class Cursor {
   public:
    explicit Cursor(ContextModels& contexts) : contexts_(contexts), models_(contexts.models_) {}

    // The model for the next symbol.
    [[gnu::always_inline]] Model& current() {
      Model*& model = models_[context_];
      if (model == nullptr) [[unlikely]]
        model = contexts_.copy();
      return *model;
    }

    // Tells which symbol came; update its model first.
    [[gnu::always_inline]] void push(Symbol symbol) {
      if constexpr (kOrder == 1) context_ = symbol;
      if constexpr (kOrder == 2) context_ = (context_ << 8 | symbol) & 0xFFFFu;
    }

   private:
    ContextModels& contexts_;
    Model** models_;
    std::uint32_t context_ = 0;
  };

 private:
  [[gnu::noinline]] Model* copy() { return new (arena_.allocate(sizeof(Model))) Model(prototype_); }

  Model prototype_;
  Arena& arena_;
  Model** models_;
};

// No context: one model.
template <class Model>
class ContextModels<Model, 0> {
 public:
  ContextModels(const Model& prototype, Arena&) : model_(prototype) {}

  class Cursor {
   public:
    explicit Cursor(ContextModels& contexts) : model_(contexts.model_) {}
    Model& current() { return model_; }
    void push(Symbol) {}

   private:
    Model& model_;
  };

 private:
  Model model_;
};

}  // namespace evalzip
