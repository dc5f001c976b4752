#include "asyncio/detail/memory.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <thread>

#include "support/loop_test.hpp"

namespace asyncio::detail {
namespace {

using MemoryTest = LoopTest;

struct Held {
  void* block;
  std::size_t size;
  unsigned char filled_with;
};

Held hold(std::size_t size, unsigned char fill) {
  void* block = allocate(size);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t), 0U);
  std::memset(block, fill, size);
  return {block, size, fill};
}

void check_and_free(const Held& held) {
  const auto* bytes = static_cast<const unsigned char*>(held.block);
  EXPECT_TRUE(std::all_of(bytes, bytes + held.size,
                          [&](unsigned char byte) { return byte == held.filled_with; }));
  deallocate(held.block, held.size);
}

TEST_F(MemoryTest, BlocksOfEverySizeAreApart) {
  std::vector<Held> blocks;
  for (std::size_t size = 1; size <= 2100; size += 7)
    blocks.push_back(hold(size, static_cast<unsigned char>(size)));
  for (const Held& block : blocks) check_and_free(block);
}

TEST_F(MemoryTest, BlocksAreCounted) {
  const std::size_t before = live_blocks();
  void* small = allocate(32);
  void* large = allocate(100'000);
  EXPECT_EQ(live_blocks(), before + 2);
  deallocate(small, 32);
  EXPECT_EQ(live_blocks(), before + 1);
  deallocate(large, 100'000);
  EXPECT_EQ(live_blocks(), before);
}

TEST_F(MemoryTest, HandlesFuturesTasksAndFramesAreAmongThem) {
  const std::size_t before = live_blocks();
  const Handle handle = loop->call_soon([] {});
  EXPECT_EQ(live_blocks(), before + 1);
  const Future<> future = loop->create_future();
  EXPECT_EQ(live_blocks(), before + 2);
  const auto nothing = []() -> Coro<> { co_return; };
  Coro<> coro = nothing();
  EXPECT_EQ(live_blocks(), before + 3);
  const Task<> task = loop->create_task(std::move(coro));
  EXPECT_EQ(live_blocks(), before + 4);
  turns(1);
  EXPECT_EQ(live_blocks(), before + 3) << "the frame is gone";
}

TEST_F(MemoryTest, RandomUseKeepsEveryBlockWhole) {
  std::mt19937 random(3);
  std::vector<Held> blocks;
  for (int round = 0; round < 20'000; ++round) {
    if (blocks.empty() || random() % 2 == 0) {
      blocks.push_back(hold(1 + random() % 1200, static_cast<unsigned char>(random())));
    } else {
      std::swap(blocks[random() % blocks.size()], blocks.back());
      check_and_free(blocks.back());
      blocks.pop_back();
    }
  }
  for (const Held& block : blocks) check_and_free(block);
}

TEST_F(MemoryTest, BlocksMayBeFreedByAnotherThread) {
  for (int round = 0; round < 20; ++round) {
    std::vector<Held> blocks;
    std::thread([&] {
      for (int block = 0; block < 500; ++block) blocks.push_back(hold(64, 0xAB));
    }).join();
    std::thread([&] {
      for (const Held& block : blocks) check_and_free(block);
    }).join();
  }
}

TEST_F(MemoryTest, ThreadsUseItAtTheSameTime) {
  std::vector<std::thread> threads;
  for (unsigned number = 0; number < 4; ++number) {
    threads.emplace_back([number] {
      std::mt19937 random(number);
      std::vector<Held> blocks;
      for (int round = 0; round < 5000; ++round) {
        blocks.push_back(hold(1 + random() % 300, static_cast<unsigned char>(number)));
        if (blocks.size() > 50) {
          for (const Held& block : blocks) check_and_free(block);
          blocks.clear();
        }
      }
      for (const Held& block : blocks) check_and_free(block);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace asyncio::detail
