// Barriers: so many tasks wait for each other.
#include <asyncio/barrier.hpp>

#include "support/loop_test.hpp"
#include "support/shared_things.hpp"

namespace asyncio {
namespace {

class BarrierTest : public LoopTest {
 public:
  // Notes "name:index", or the error.
  Coro<> wait(Barrier barrier, std::string name) {
    try {
      const std::int64_t index = co_await barrier.wait();
      note(name + ":" + std::to_string(index));
    } catch (const BrokenBarrierError& error) {
      note(name + ": " + error.what());
    }
  }
  static Coro<> give_turns(int count) {
    for (; count > 0; --count) co_await sleep(0s);
  }
};

TEST_F(BarrierTest, NeedsAParty) {
  EXPECT_EQ(message_of<ValueError>([] { const Barrier barrier(0); }), "parties must be > 0");
  EXPECT_EQ(message_of<ValueError>([] { const Barrier barrier(-4); }), "parties must be > 0");
}

TEST_F(BarrierTest, OneOfOneGoesThroughWithoutATurn) {
  const auto main = [&]() -> Coro<> {
    const Barrier barrier(1);
    const std::uint64_t turn = loop->turns();
    EXPECT_EQ(co_await barrier.wait(), 0);
    EXPECT_EQ(co_await barrier.wait(), 0);
    EXPECT_EQ(loop->turns(), turn);
    EXPECT_EQ(barrier.n_waiting(), 0);
  };
  run(main());
}

TEST_F(BarrierTest, TheLastToComeOpensItAndGoesFirst) {
  const auto main = [&]() -> Coro<> {
    const Barrier barrier(3);
    const Task<> a = create_task(wait(barrier, "a"));
    const Task<> b = create_task(wait(barrier, "b"));
    co_await give_turns(3);
    EXPECT_EQ(barrier.n_waiting(), 2);
    EXPECT_EQ(notes, Notes{});
    co_await wait(barrier, "last");
    EXPECT_EQ(barrier.n_waiting(), 0);
    co_await gather(a, b);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"last:2", "a:0", "b:1"}));
}

TEST_F(BarrierTest, CanBeUsedAgainAndAgain) {
  const auto main = [&]() -> Coro<> {
    const Barrier barrier(2);
    const auto rounds = [&](std::string name) -> Coro<> {
      for (int round = 0; round < 3; ++round) co_await wait(barrier, name);
    };
    co_await gather(rounds("a"), rounds("b"));
    EXPECT_EQ(unnumbered(to_string(barrier)), "<Barrier [filling, waiters:0/2]>");
  };
  run(main());
  EXPECT_EQ(notes.size(), 6u);
}

TEST_F(BarrierTest, WhoComesWhileOthersLeaveWaitsForTheNextRound) {
  const auto main = [&]() -> Coro<> {
    const Barrier barrier(2);
    const Task<> a = create_task(wait(barrier, "a"));
    const Task<> b = create_task(wait(barrier, "b"));
    const Task<> c = create_task(wait(barrier, "c"));
    co_await gather(a, b);
    co_await give_turns(5);
    EXPECT_EQ(barrier.n_waiting(), 1);
    EXPECT_EQ(notes, (Notes{"b:1", "a:0"}));
    co_await wait(barrier, "d");
    co_await c;
  };
  run(main());
}

TEST_F(BarrierTest, ACancelledOneIsNotCountedAnyMore) {
  const auto main = [&]() -> Coro<> {
    const Barrier barrier(2);
    const Task<> a = create_task(wait(barrier, "a"));
    co_await give_turns(1);
    EXPECT_EQ(barrier.n_waiting(), 1);
    a.cancel();
    EXPECT_TRUE(co_await is_cancelled(a));
    EXPECT_EQ(barrier.n_waiting(), 0);
    EXPECT_FALSE(barrier.broken());
    co_await gather(wait(barrier, "b"), wait(barrier, "c"));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"c:1", "b:0"}));
}

TEST_F(BarrierTest, ResettingItSendsAwayWhoWaits) {
  const auto main = [&]() -> Coro<> {
    const Barrier barrier(3);
    const Task<> a = create_task(wait(barrier, "a"));
    const Task<> b = create_task(wait(barrier, "b"));
    co_await give_turns(2);
    co_await barrier.reset();
    EXPECT_EQ(unnumbered(to_string(barrier)), "<Barrier [resetting, waiters:0/3]>");
    co_await gather(a, b);
    EXPECT_FALSE(barrier.broken());
    EXPECT_EQ(unnumbered(to_string(barrier)), "<Barrier [filling, waiters:0/3]>");
    co_await gather(wait(barrier, "c"), wait(barrier, "d"), wait(barrier, "e"));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a: Abort or reset of barrier", "b: Abort or reset of barrier", "e:2",
                          "c:0", "d:1"}));
}

TEST_F(BarrierTest, AbortingItBreaksItForAllUntilItIsReset) {
  const auto main = [&]() -> Coro<> {
    const Barrier barrier(2);
    const Task<> a = create_task(wait(barrier, "a"));
    co_await give_turns(2);
    co_await barrier.abort();
    EXPECT_TRUE(barrier.broken());
    EXPECT_EQ(unnumbered(to_string(barrier)), "<Barrier [broken]>");
    co_await a;
    co_await wait(barrier, "b");
    co_await barrier.reset();
    EXPECT_FALSE(barrier.broken());
    co_await gather(wait(barrier, "c"), wait(barrier, "d"));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a: Abort or reset of barrier", "b: Barrier aborted", "d:1", "c:0"}));
}

TEST_F(BarrierTest, ResettingItWhileSomeLeaveLetsThoseGoWhoWereThrough) {
  const auto main = [&]() -> Coro<> {
    const Barrier barrier(2);
    const Task<> a = create_task(wait(barrier, "a"));
    const Task<> b = create_task(wait(barrier, "b"));
    const Task<> late = create_task(wait(barrier, "late"));
    co_await give_turns(1);  // b has opened it, a is on its way, late waits for the next round
    co_await barrier.reset();
    co_await gather(a, b);
    EXPECT_FALSE(barrier.broken());
    co_await gather(late, wait(barrier, "last"));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"b:1", "a: Abort or reset of barrier", "last:1", "late:0"}));
}

TEST_F(BarrierTest, AbortingItStopsThoseWhoWaitForTheNextRound) {
  const auto main = [&]() -> Coro<> {
    const Barrier barrier(2);
    const Task<> a = create_task(wait(barrier, "a"));
    const Task<> b = create_task(wait(barrier, "b"));
    const Task<> late = create_task(wait(barrier, "late"));
    co_await give_turns(1);
    co_await barrier.abort();
    co_await gather(a, b, late);
    EXPECT_TRUE(barrier.broken());
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"b:1", "a: Abort or reset of barrier", "late: Barrier aborted"}));
}

TEST_F(BarrierTest, ALoopMayEndWhileSomeAreInside) {
  {
    const Barrier barrier(3);
    for (const char* name : {"a", "b"}) loop->create_task(wait(barrier, name));
  }
  turns(2);
  loop.reset();
}

}  // namespace
}  // namespace asyncio
