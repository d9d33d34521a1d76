// One model for each context: the last symbol, the last two, or none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "codecs/entropy_model.h"

namespace evalzip {

// Models of the symbol after 0, 1 or 2 others of up to 8 bits each, all starting as copies of one.
// A context costs memory from when it is first seen. A Cursor goes from symbol to symbol; being a
// variable of the loop that has it, it lives in registers.
template <class Model, unsigned kOrder>
class ContextModels {
  static_assert(kOrder == 1 || kOrder == 2);

 public:
  explicit ContextModels(Model prototype)
      : prototype_(std::move(prototype)), models_(std::size_t{1} << (8 * kOrder)) {}

  class Cursor {
   public:
    explicit Cursor(ContextModels& contexts)
        : prototype_(contexts.prototype_), models_(contexts.models_.data()) {}

    // The model for the next symbol.
    [[gnu::always_inline]] Model& current() {
      std::unique_ptr<Model>& model = models_[context_];
      if (model == nullptr) [[unlikely]]
        model = std::make_unique<Model>(prototype_);
      return *model;
    }

    // Tells which symbol came; update its model first.
    [[gnu::always_inline]] void push(Symbol symbol) {
      if constexpr (kOrder == 1) context_ = symbol;
      if constexpr (kOrder == 2) context_ = (context_ << 8 | symbol) & 0xFFFFu;
    }

   private:
    const Model& prototype_;
    std::unique_ptr<Model>* models_;
    std::uint32_t context_ = 0;
  };

 private:
  Model prototype_;
  std::vector<std::unique_ptr<Model>> models_;
};

// No context: one model.
template <class Model>
class ContextModels<Model, 0> {
 public:
  explicit ContextModels(Model prototype) : model_(std::move(prototype)) {}

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
