#include "harness/hardware_counter.h"

#include <gtest/gtest.h>

namespace evalzip {
namespace {

// At least one instruction a step.
std::uint64_t count_steps(std::uint64_t steps) {
  FirstCallCounter counter(true);
  volatile std::uint64_t sum = 0;
  const auto work = [&] {
    for (std::uint64_t i = 0; i < steps; ++i) sum = sum + i;
    return true;
  };
  EXPECT_TRUE(counter.around(work));
  EXPECT_TRUE(counter.around(work));  // is not added
  return counter.instructions().value_or(0);
}

TEST(HardwareCounter, CountsTheFirstCallAndNothingElse) {
  if (!has_hardware_counter()) GTEST_SKIP() << "this kernel offers no counter of instructions";
  const std::uint64_t few = count_steps(100'000), many = count_steps(200'000);
  EXPECT_GE(few, 100'000u);
  EXPECT_NEAR(static_cast<double>(many) / static_cast<double>(few), 2, 0.1);
}

TEST(HardwareCounter, CallsWithoutCountingGoThrough) {
  FirstCallCounter counter(false);
  EXPECT_EQ(counter.around([] { return 7; }), 7);
  EXPECT_FALSE(counter.instructions());
}

}  // namespace
}  // namespace evalzip
