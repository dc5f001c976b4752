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

struct alignas(64) Wide {
  double numbers[8];
};
bool is_aligned(const Wide& wide) { return reinterpret_cast<std::uintptr_t>(&wide) % 64 == 0; }

TEST_F(MemoryTest, BlocksAreAlignedForWhatDividesTheirSize) {
  std::vector<Held> blocks;
  for (int round = 0; round < 5; ++round) {
    for (const std::size_t size : {32U, 64U, 128U, 192U, 640U, 1024U, 2048U, 4096U + 64U}) {
      blocks.push_back(hold(size, 1));
      const auto address = reinterpret_cast<std::uintptr_t>(blocks.back().block);
      EXPECT_EQ(address % (size & (~size + 1)), 0U) << size;
    }
  }
  for (const Held& block : blocks) check_and_free(block);
}

TEST_F(MemoryTest, OverAlignedCapturesResultsAndLocalsAreWhereTheyMustBe) {
  const auto gives = [&]() -> Coro<Wide> {
    Wide local{};
    co_await sleep(0s);
    EXPECT_TRUE(is_aligned(local));
    co_return local;
  };
  const auto main = [&]() -> Coro<> {
    Wide wide{};
    for (int round = 0; round < 5; ++round) {
      const auto looks = [wide, this] { note(is_aligned(wide) ? "aligned" : "not aligned"); };
      loop->call_soon(looks);
      loop->call_later(1s, looks);
      const Task<Wide> task = create_task(gives());
      task.add_done_callback([looks](const Future<Wide>&) { looks(); });
      co_await task;
      EXPECT_TRUE(is_aligned(task.result()));
      EXPECT_TRUE(is_aligned(wide));
    }
    co_await sleep(2s);
  };
  run(main());
  EXPECT_EQ(notes, Notes(15, "aligned"));
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
