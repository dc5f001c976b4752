#include "asyncio/detail/ids.hpp"

#include <set>
#include <thread>

#include "support/loop_test.hpp"

namespace asyncio {
namespace {

using IdsTest = LoopTest;

TEST_F(IdsTest, CountUpByOneForEachKindApart) {
  detail::IdSource& ids = detail::id_source;
  const std::uint64_t handle = ids.handle();
  const std::uint64_t task = ids.task();
  const std::uint64_t future = ids.future();
  EXPECT_EQ(ids.handle(), handle + 1);
  EXPECT_EQ(ids.handle(), handle + 2);
  EXPECT_EQ(ids.task(), task + 1);
  EXPECT_EQ(ids.future(), future + 1);
}

TEST_F(IdsTest, AreNeverZero) {
  std::uint64_t first = 0;
  std::thread([&] { first = detail::id_source.handle(); }).join();
  EXPECT_NE(first, 0U);
}

TEST_F(IdsTest, ThreadsHaveRangesOfTheirOwn) {
  std::array<std::uint64_t, 8> firsts{};
  std::vector<std::thread> threads;
  for (std::uint64_t& first : firsts)
    threads.emplace_back([&first] {
      first = detail::id_source.handle();
      for (int count = 0; count < 1000; ++count) detail::id_source.handle();
    });
  for (std::thread& thread : threads) thread.join();
  std::set<std::uint64_t> ranges;
  for (const std::uint64_t first : firsts) ranges.insert(first >> 32);
  EXPECT_EQ(ranges.size(), firsts.size());
}

TEST_F(IdsTest, LoopsOneAfterAnotherGoOnCounting) {
  const HandleId first = loop->call_soon([] {}).id();
  const auto other = make_loop();
  const HandleId second = other->call_soon([] {}).id();
  EXPECT_EQ(second, first + 1);
  const FutureId third = loop->create_future().id();
  EXPECT_EQ(other->create_future().id(), third + 1);
}

TEST_F(IdsTest, TaskHasANewHandleForEachStep) {
  const Handle before = loop->call_soon([] {});
  const auto yields = []() -> Coro<> { co_await sleep(0s); };
  loop->create_task(yields());
  turns(1);
  const Handle after = loop->call_soon([] {});
  EXPECT_EQ(after.id(), before.id() + 3);
  turns(1);
}

}  // namespace
}  // namespace asyncio
