// Compiled at -O0, where no compiler turns the resumption of a coroutine into a jump.
#include <cstdint>

#include "support/loop_test.hpp"

namespace asyncio {
namespace {

using DeepAwaitTest = LoopTest;

constexpr int kMillion = 1'000'000;

[[gnu::noinline]] std::uintptr_t stack_pointer() {
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

struct Extent {
  std::uintptr_t lowest = UINTPTR_MAX, highest = 0;
  void note() {
    const std::uintptr_t here = stack_pointer();
    lowest = std::min(lowest, here);
    highest = std::max(highest, here);
  }
  std::uintptr_t size() const { return highest - lowest; }
};

Coro<int> at_once(Extent& extent) {
  extent.note();
  co_return 1;
}

TEST_F(DeepAwaitTest, MillionAwaitsOfFinishedCoroutinesDoNotGrowTheStack) {
  Extent extent;
  const auto main = [&]() -> Coro<int> {
    int sum = 0;
    for (int round = 0; round < kMillion; ++round) sum += co_await at_once(extent);
    co_return sum;
  };
  EXPECT_EQ(run(main()), kMillion);
  EXPECT_EQ(extent.size(), 0U);
  EXPECT_LE(loop->turns(), 2U);
}

Coro<int> descend(int depth, Extent& extent) {
  extent.note();
  if (depth == 0) co_return 0;
  const int below = co_await descend(depth - 1, extent);
  extent.note();
  co_return below + 1;
}

TEST_F(DeepAwaitTest, CoroutinesNestedAHundredThousandDeepDoNotGrowTheStack) {
  Extent extent;
  EXPECT_EQ(run(descend(100'000, extent)), 100'000);
  EXPECT_EQ(extent.size(), 0U);
}

Coro<int> descend_and_wait(int depth) {
  if (depth == 0) co_await sleep(1h);
  co_return depth == 0 ? 0 : 1 + co_await descend_and_wait(depth - 1);
}

TEST_F(DeepAwaitTest, CallsThatALoopLeavesBehindAreDestroyedOneAfterTheOther) {
  loop->create_task(descend_and_wait(200'000));
  turns(1);
  loop = nullptr;
  EXPECT_EQ(messages().size(), 1U);
}

Coro<int> chain_of_tasks(int length) {
  if (length == 0) co_await sleep(1h);
  co_return length == 0 ? 0 : 1 + co_await create_task(chain_of_tasks(length - 1));
}

TEST_F(DeepAwaitTest, TasksThatAwaitEachOtherAreCancelledWithoutACallForEach) {
  const auto main = [&]() -> Coro<> {
    const Task<int> first = create_task(chain_of_tasks(50'000));
    co_await sleep(1s);
    EXPECT_TRUE(first.cancel());
    try {
      co_await first;
    } catch (const CancelledError&) {
      note("cancelled");
    }
  };
  run(main());
  EXPECT_EQ(notes, Notes{"cancelled"});
}

AsyncGenerator<int> counts(int last, Extent& extent) {
  for (int number = 1; number <= last; ++number) {
    extent.note();
    co_yield number;
  }
}

TEST_F(DeepAwaitTest, MillionYieldsDoNotGrowTheStack) {
  Extent extent;
  const auto main = [&]() -> Coro<int> {
    AsyncGenerator<int> numbers = counts(kMillion, extent);
    int count = 0;
    while (co_await numbers.next()) ++count;
    co_return count;
  };
  EXPECT_EQ(run(main()), kMillion);
  EXPECT_EQ(extent.size(), 0U);
  EXPECT_LE(loop->turns(), 2U);
}

Coro<> descend_and_throw(int depth, Extent& extent) {
  extent.note();
  if (depth == 0) throw std::runtime_error("from below");
  co_await descend_and_throw(depth - 1, extent);
}

TEST_F(DeepAwaitTest, ExceptionRisesThroughManyCoroutinesWithoutGrowingTheStack) {
  Extent extent;
  EXPECT_EQ(message_of<std::runtime_error>([&] { run(descend_and_throw(10'000, extent)); }),
            "from below");
  EXPECT_EQ(extent.size(), 0U);
}

TEST_F(DeepAwaitTest, MillionAwaitsOfFinishedFuturesDoNotGrowTheStack) {
  const Future<int> done = loop->create_future<int>();
  done.set_result(1);
  Extent extent;
  const auto main = [&]() -> Coro<int> {
    int sum = 0;
    for (int round = 0; round < kMillion; ++round) {
      sum += co_await done;
      extent.note();
    }
    co_return sum;
  };
  EXPECT_EQ(run(main()), kMillion);
  EXPECT_EQ(extent.size(), 0U);
}

TEST_F(DeepAwaitTest, ChainOfTenThousandTasksEndsOneTurnEach) {
  const auto waits_for = [](Task<int> task) -> Coro<int> { co_return co_await task + 1; };
  const auto first = []() -> Coro<int> { co_return 0; };
  Task<int> last = loop->create_task(first());
  for (int task = 0; task < 10'000; ++task) last = loop->create_task(waits_for(last));
  EXPECT_EQ(loop->run_until_complete<int>(last), 10'000);
}

TEST_F(DeepAwaitTest, LongChainOfWaitingTasksIsAbandonedWithoutGrowingTheStack) {
  const auto waits_for = [](Future<> future) -> Coro<> { co_await future; };
  Future<> last = loop->create_future<>();
  for (int task = 0; task < 50'000; ++task) last = loop->create_task(waits_for(last));
  last = {};
  turns(1);
  loop.reset();
}

}  // namespace
}  // namespace asyncio
