// Not built with sanitizers, which get every block from operator new, so that they see it come and
// go.
#include <set>
#include <thread>

#include "asyncio/detail/memory.hpp"
#include "support/loop_test.hpp"

namespace asyncio::detail {
namespace {

using MemoryReuseTest = LoopTest;

TEST_F(MemoryReuseTest, FreeBlockIsUsedAgain) {
  void* first = allocate(100);
  deallocate(first, 100);
  void* second = allocate(97);
  EXPECT_EQ(first, second);
  deallocate(second, 97);
}

TEST_F(MemoryReuseTest, BlocksOfAThreadThatEndedAreUsedAgain) {
  constexpr std::size_t kSize = 992;  // a size of this test's own
  std::set<void*> of_thread;
  std::thread([&] {
    for (int block = 0; block < 40; ++block) of_thread.insert(allocate(kSize));
    for (void* block : of_thread) deallocate(block, kSize);
  }).join();
  // In a thread that has no free blocks of its own. What is left of the first one's slab comes too.
  std::thread([&] {
    std::set<void*> again;
    for (int block = 0; block < 66; ++block) again.insert(allocate(kSize));
    for (void* block : of_thread) EXPECT_TRUE(again.contains(block));
    for (void* block : again) deallocate(block, kSize);
  }).join();
}

TEST_F(MemoryReuseTest, BlocksThatAnotherThreadGivesBackAreUsedAgain) {
  constexpr std::size_t kSize = 960;  // a size of this test's own
  std::set<void*> made;
  while (made.size() < 70) made.insert(allocate(kSize));
  std::thread([&] {
    for (void* block : made) give_back(block, kSize);
  }).join();
  std::set<void*> again;
  while (again.size() < 140) again.insert(allocate(kSize));  // two slabs have less
  for (void* block : made) EXPECT_TRUE(again.contains(block));
  for (void* block : again) deallocate(block, kSize);
}

}  // namespace
}  // namespace asyncio::detail
