#include "support/loop_test.hpp"
#include "support/trace_text.hpp"

namespace asyncio {
namespace {

class SleepTest : public LoopTest {
 public:
  Coro<> sleeps(Duration delay, std::string name) {
    co_await sleep(delay);
    note(name + " at " + std::to_string(now() / 1ms));
  }
};

TEST_F(SleepTest, SuspendsForItsDelay) {
  run(sleeps(1500ms, "a"));
  EXPECT_EQ(notes, Notes{"a at 1500"});
}

TEST_F(SleepTest, TasksSleepAtTheSameTime) {
  const auto main = [&]() -> Coro<> {
    co_await gather(sleeps(3s, "c"), sleeps(1s, "a"), sleeps(2s, "b"));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a at 1000", "b at 2000", "c at 3000"}));
}

TEST_F(SleepTest, EqualSleepsEndInTheOrderTheyBegan) {
  const auto main = [&]() -> Coro<> {
    co_await gather(sleeps(1s, "a"), sleeps(1s, "b"), sleeps(1s, "c"));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a at 1000", "b at 1000", "c at 1000"}));
}

TEST_F(SleepTest, OfZeroOrLessWaitsForTheNextTurnOnly) {
  for (const Duration delay : {Duration(0s), Duration(-1s)}) {
    const auto main = [&]() -> Coro<std::uint64_t> {
      const std::uint64_t before = loop->turns();
      co_await sleep(delay);
      co_return loop->turns() - before;
    };
    EXPECT_EQ(run(main()), 1U);
  }
  EXPECT_EQ(now(), 0s);
}

TEST_F(SleepTest, OfZeroLetsTheOthersRun) {
  const auto counts = [&](std::string name) -> Coro<> {
    for (int round = 0; round < 3; ++round) {
      note(name + std::to_string(round));
      co_await sleep(0s);
    }
  };
  const auto main = [&]() -> Coro<> { co_await gather(counts("a"), counts("b")); };
  run(main());
  EXPECT_EQ(notes, (Notes{"a0", "b0", "a1", "b1", "a2", "b2"}));
}

TEST_F(SleepTest, TaskGoesOnInTheTurnAfterItsTimer) {
  const auto main = [&]() -> Coro<std::uint64_t> {
    const std::uint64_t before = loop->turns();
    co_await sleep(1s);
    co_return loop->turns() - before;
  };
  EXPECT_EQ(run(main()), 2U);
}

TEST_F(SleepTest, GivesTheResultItWasGiven) {
  const auto main = [&]() -> Coro<std::string> {
    co_return co_await sleep(1s, std::string("slept"));
  };
  EXPECT_EQ(run(main()), "slept");
  const auto moves = [&]() -> Coro<int> {
    co_return *co_await sleep(1s, std::make_unique<int>(7));
  };
  EXPECT_EQ(run(moves()), 7);
}

TEST_F(SleepTest, CancelledLeavesNoTimerBehind) {
  const auto body = []() -> Coro<> { co_await sleep(1h); };
  const Task<> task = loop->create_task(body());
  turns(1);
  EXPECT_EQ(loop->next_timeout(), 1h);
  task.cancel();
  turns(2);
  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(loop->next_timeout(), std::nullopt);
}

TEST_F(SleepTest, MayBeForEver) {
  time->advance(1h);
  const auto body = []() -> Coro<> { co_await sleep(Duration::max()); };
  const Task<> task = loop->create_task(body());
  turns(1);
  EXPECT_FALSE(task.done());
  EXPECT_EQ(loop->next_timeout(), 24h);
  task.cancel();
  turns(2);
  EXPECT_TRUE(task.cancelled());
}

TEST_F(SleepTest, NeedsARunningLoopOnlyWhenItIsAwaited) {
  Coro<> early = sleep(1s);
  const auto main = [&]() -> Coro<> { co_await early; };
  run(main());
  EXPECT_EQ(now(), 1s);
}

TEST_F(SleepTest, TraceTellsItsDeadline) {
  TraceText trace(time);
  const auto traced = make_loop(time, &trace.recorder());
  const auto main = []() -> Coro<> { co_await sleep(5s); };
  traced->run_until_complete(main());
  const std::vector<std::string> suspended = trace.events({"task_suspended"});
  ASSERT_EQ(suspended.size(), 1U);
  EXPECT_NE(suspended[0].find(R"("awaiting":{"kind":"sleep","id":)"), std::string::npos);
  EXPECT_NE(suspended[0].find(R"("when":5000000000})"), std::string::npos) << suspended[0];
}

}  // namespace
}  // namespace asyncio
