// One model for each context: the last symbol, the last two, or none.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>

#include "codecs/arena.h"
#include "codecs/entropy_model.h"

namespace evalzip {

// Models of the symbol after 0, 1 or 2 others of up to 8 bits each, all starting as copies of one.
// A context is written, in memory of the arena, when it is first seen. A Cursor goes from symbol to
// symbol; being a variable of the loop that has it, it lives in registers.
template <class Model, unsigned kOrder>
class ContextModels;

// Two contexts: most pairs of symbols never come, so a model is made when its pair does.
template <class Model>
class ContextModels<Model, 2> {
  static_assert(std::is_trivially_copyable_v<Model>, "an arena destroys nothing");

 public:
  // The arena must outlive the models; what it held before is taken back.
  ContextModels(const Model& prototype, Arena& arena) : prototype_(prototype), arena_(arena) {
    constexpr std::size_t kContexts = std::size_t{1} << 16;
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
      context_ = (context_ << 8 | symbol) & 0xFFFFu;
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

// One context: the models lie side by side, because a decoder waits for the address of the next
// model, and a product is there sooner than a pointer.
template <class Model>
class ContextModels<Model, 1> {
  static_assert(std::is_trivially_copyable_v<Model>, "an arena destroys nothing");

 public:
  // As above.
  ContextModels(const Model& prototype, Arena& arena) : prototype_(prototype) {
    arena.reset();
    models_ = static_cast<Model*>(arena.allocate(kContexts * sizeof(Model)));
  }

  class Cursor {
   public:
    explicit Cursor(ContextModels& contexts) : contexts_(contexts), models_(contexts.models_) {}

    [[gnu::always_inline]] Model& current() {
      if (!contexts_.seen_[context_]) [[unlikely]]
        contexts_.make(context_);
      return models_[context_];
    }

    [[gnu::always_inline]] void push(Symbol symbol) { context_ = symbol; }

   private:
    ContextModels& contexts_;
    Model* models_;
    std::uint32_t context_ = 0;
  };

 private:
  static constexpr std::size_t kContexts = 256;

  [[gnu::noinline]] void make(std::size_t context) {
    new (&models_[context]) Model(prototype_);
    seen_[context] = true;
  }

  Model prototype_;
  Model* models_;
  std::array<bool, kContexts> seen_{};
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
