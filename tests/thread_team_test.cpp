// Loops shared by a few threads.
#include "codecs/llm/thread_team.h"

#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <vector>

namespace evalzip {
namespace {

TEST(ThreadTeam, EveryIndexIsCalledOnce) {
  for (const unsigned threads : {1u, 2u, 5u}) {
    ThreadTeam team(threads);
    std::vector<std::atomic<int>> calls(1000);
    for (int round = 0; round < 20; ++round) {
      team.for_each(calls.size(), [&](std::size_t index, unsigned thread) {
        EXPECT_LT(thread, threads);
        ++calls[index];
      });
    }
    for (const std::atomic<int>& count : calls) ASSERT_EQ(count, 20);
  }
}

TEST(ThreadTeam, WhatACallThrowsIsThrownByTheLoopAndTheTeamWorksOn) {
  for (const unsigned threads : {1u, 2u, 5u}) {
    ThreadTeam team(threads);
    for (int round = 0; round < 20; ++round) {
      EXPECT_THROW(team.for_each(100, [](std::size_t, unsigned) { throw std::bad_alloc(); }),
                   std::bad_alloc);
      std::atomic<int> calls = 0;
      team.for_each(100, [&](std::size_t, unsigned) { ++calls; });
      EXPECT_EQ(calls, 100);
    }
  }
}

}  // namespace
}  // namespace evalzip
