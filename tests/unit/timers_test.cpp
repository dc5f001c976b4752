#include <algorithm>
#include <random>
#include <set>

#include "asyncio/detail/loop_parts.hpp"
#include "support/loop_test.hpp"
#include "support/trace_text.hpp"

namespace asyncio {
namespace {

using TimersTest = LoopTest;

TEST_F(TimersTest, RunInTheOrderOfTheirDeadlines) {
  loop->call_later(3s, [&] { note("3 at " + std::to_string(now() / 1s)); });
  loop->call_later(1s, [&] { note("1 at " + std::to_string(now() / 1s)); });
  loop->call_later(2s, [&] { note("2 at " + std::to_string(now() / 1s)); });
  loop->call_later(4s, [&] { loop->stop(); });
  loop->run_forever();
  EXPECT_EQ(notes, (Notes{"1 at 1", "2 at 2", "3 at 3"}));
}

TEST_F(TimersTest, EqualDeadlinesRunInTheOrderTheyWereMade) {
  Notes expected;
  for (int timer = 0; timer < 100; ++timer) {
    loop->call_at(Instant(1s), [this, timer] { note(std::to_string(timer)); });
    expected.push_back(std::to_string(timer));
  }
  loop->call_at(Instant(1s), [&] { loop->stop(); });
  loop->run_forever();
  EXPECT_EQ(notes, expected);
}

TEST_F(TimersTest, CancelledTimerNeverRuns) {
  TimerHandle timer = loop->call_later(1s, [&] { note("ran"); });
  loop->call_later(2s, [&] { loop->stop(); });
  timer.cancel();
  loop->run_forever();
  EXPECT_EQ(notes, Notes{});
}

TEST_F(TimersTest, TimerCancelledByAnEarlierOneOfTheSameTurnNeverRuns) {
  TimerHandle second;
  loop->call_later(1s, [&] { second.cancel(); });
  second = loop->call_later(1s, [&] { note("ran"); });
  loop->call_later(2s, [&] { loop->stop(); });
  loop->run_forever();
  EXPECT_EQ(notes, Notes{});
}

TEST_F(TimersTest, LoopDoesNotWaitForACancelledTimer) {
  loop->call_later(1s, [&] { note("cancelled"); }).cancel();
  loop->call_later(5s, [&] { loop->stop(); });
  EXPECT_EQ(loop->next_timeout(), 1s) << "the loop drops it when its turn begins";
  const std::uint64_t before = loop->turns();
  loop->run_forever();
  EXPECT_EQ(loop->turns() - before, 1U);
  EXPECT_EQ(now(), 5s);
}

TEST_F(TimersTest, NegativeDelayIsNow) {
  loop->call_later(-1s, [&] { note("timer"); });
  turns(1);
  EXPECT_EQ(notes, Notes{"timer"});
  EXPECT_EQ(now(), 0s);
}

TEST_F(TimersTest, DelayMayBeAsNegativeAsADurationCanBe) {
  time->advance(1s);
  loop->call_later(Duration::min(), [&] { note("ran"); });
  loop->call_at(Instant::min(), [&] { note("ran, too"); });
  EXPECT_EQ(loop->next_timeout(), Duration::zero());
  turns(1);
  EXPECT_EQ(notes, (Notes{"ran, too", "ran"}));
  EXPECT_EQ(now(), 1s);
}

TEST_F(TimersTest, DurationIsAsLongAsItCanBeWhereUnitsAreTooLong) {
  using std::chrono::hours, std::chrono::seconds;
  EXPECT_EQ(Duration(seconds::max()), Duration::max());
  EXPECT_EQ(Duration(seconds::min()), Duration::min());
  EXPECT_EQ(Duration(hours(24 * 365 * 300)), Duration::max());
  EXPECT_EQ(Duration(hours(24)), std::chrono::nanoseconds(86'400'000'000'000));
  EXPECT_EQ(Duration(std::chrono::nanoseconds::min()), Duration::min());
  const auto main = [&]() -> Coro<> {
    co_await wait_for(sleep(10ms), seconds::max());
    note("in time");
    co_await timeout(hours::max(), sleep(10ms));
    note("in time");
    const Task<> sleeper = create_task(sleep(hours::max()));
    co_await wait(std::tuple{sleeper}, seconds(1));
    note(sleeper.done() ? "slept" : "sleeps");
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"in time", "in time", "sleeps"}));
  loop = nullptr;
  EXPECT_EQ(messages().size(), 1U) << "the sleeper is pending";
}

TEST_F(TimersTest, DeadlineInThePastIsDueInTheNextTurn) {
  time->advance(10s);
  loop->call_at(Instant(2s), [&] { note("2"); });
  loop->call_at(Instant(1s), [&] { note("1"); });
  turns(1);
  EXPECT_EQ(notes, (Notes{"1", "2"}));
}

TEST_F(TimersTest, DueTimersRunAfterWhatIsReady) {
  loop->call_later(0s, [&] { note("timer"); });
  loop->call_soon([&] { note("soon"); });
  turns(1);
  EXPECT_EQ(notes, (Notes{"soon", "timer"}));
}

TEST_F(TimersTest, TimerMadeByATimerAtTheSameDeadlineRunsInTheNextTurn) {
  loop->call_at(Instant(0s), [&] {
    note("first");
    loop->call_at(Instant(0s), [&] { note("second"); });
  });
  turns(1);
  EXPECT_EQ(notes, Notes{"first"});
  turns(1);
  EXPECT_EQ(notes, (Notes{"first", "second"}));
}

TEST_F(TimersTest, TimerIsNotDueBeforeItsDeadline) {
  loop->call_later(1s, [&] { note("ran"); });
  time->advance(1s - 1ns);
  turns(1);
  EXPECT_EQ(notes, Notes{});
  time->advance(1ns);
  turns(1);
  EXPECT_EQ(notes, Notes{"ran"});
}

// A clock that counts in milliseconds.
class CoarseClock final : public Clock {
 public:
  Instant now() const override { return Instant(10ms); }
  Duration resolution() const override { return 1ms; }
};

TEST_F(TimersTest, TimerWithinTheClocksResolutionIsDue) {
  const auto poller = std::make_shared<VirtualPoller>(time, []() noexcept { return false; });
  EventLoop coarse({std::make_shared<CoarseClock>(), poller});
  coarse.call_at(Instant(11ms), [&] { note("a whole tick later"); });
  coarse.call_at(Instant(11ms - 1ns), [&] { note("within the tick"); });
  EXPECT_EQ(coarse.next_timeout(), 0ns);
  coarse.turn(0s);
  EXPECT_EQ(notes, Notes{"within the tick"});
}

TEST_F(TimersTest, NextTimeoutIsTheTimeToTheNearestDeadline) {
  EXPECT_EQ(loop->next_timeout(), std::nullopt);
  loop->call_later(5s, [] {});
  loop->call_later(2s, [] {});
  EXPECT_EQ(loop->next_timeout(), 2s);
  time->advance(500ms);
  EXPECT_EQ(loop->next_timeout(), 1500ms);
  loop->call_soon([] {});
  EXPECT_EQ(loop->next_timeout(), 0s);
}

TEST_F(TimersTest, LongestWaitIsADay) {
  loop->call_later(1000h, [&] { loop->stop(); });
  EXPECT_EQ(loop->next_timeout(), 24h);
  loop->run_forever();
  EXPECT_EQ(now(), 1000h);
}

TEST_F(TimersTest, DelayMayBeAsLongAsADurationCanBe) {
  time->advance(1h);
  TimerHandle timer = loop->call_later(Duration::max(), [] {});
  EXPECT_EQ(timer.when(), Instant::max());
  EXPECT_EQ(loop->next_timeout(), 24h);
  loop->call_later(Duration::min(), [&] { note("long ago"); });
  turns(1);
  EXPECT_EQ(notes, Notes{"long ago"});
}

TEST_F(TimersTest, CancelledTimersAreSweptOutWhenTheyAreTheLargerHalf) {
  TraceText trace(time);
  const auto traced = make_loop(time, &trace.recorder());
  std::vector<TimerHandle> timers;
  for (int timer = 0; timer < 200; ++timer)
    timers.push_back(traced->call_later(1s + timer * 1ms, [] {}));
  // The first stays, so that none of them comes to the top.
  for (int timer = 1; timer <= 100; ++timer) timers[static_cast<std::size_t>(timer)].cancel();
  traced->turn(0s);
  EXPECT_EQ(trace.events({"dropped"}).size(), 0U) << "half is not the larger half";
  timers[101].cancel();
  traced->turn(0s);
  EXPECT_EQ(trace.events({"dropped"}).size(), 101U);
  const std::vector<std::string> turns = trace.events({"turn_begin"});
  EXPECT_EQ(turns.at(0), R"(turn_begin,"ready":0,"timers":200,"timeout":0)");
  EXPECT_EQ(turns.at(1), R"(turn_begin,"ready":0,"timers":99,"timeout":0)");
}

TEST_F(TimersTest, SweptTimersLeaveTheOthersInOrder) {
  std::mt19937 random(1);
  std::vector<TimerHandle> timers;
  std::vector<std::pair<int, int>> expected;
  for (int timer = 0; timer < 500; ++timer) {
    const int when = static_cast<int>(random() % 50);
    timers.push_back(
        loop->call_at(Instant(when * 1s), [this, timer] { note(std::to_string(timer)); }));
    if (timer % 3 == 0) {
      expected.emplace_back(when, timer);
    } else {
      timers.back().cancel();
    }
  }
  loop->call_at(Instant(60s), [&] { loop->stop(); });
  loop->run_forever();
  std::sort(expected.begin(), expected.end());
  Notes order;
  for (const auto& [when, timer] : expected) order.push_back(std::to_string(timer));
  EXPECT_EQ(notes, order);
}

TEST_F(TimersTest, CountOfCancelledTimersIsRightAfterOneWasDue) {
  // A timer that is cancelled while it stands in the ready queue is no longer the heap's; one that
  // is due when it was cancelled is.
  std::vector<TimerHandle> timers;
  for (int timer = 0; timer < 300; ++timer) timers.push_back(loop->call_at(Instant(1s), [] {}));
  loop->call_at(Instant(500ms), [&] {
    for (int timer = 1; timer < 150; ++timer) timers[static_cast<std::size_t>(timer)].cancel();
    time->advance(1s);
  });
  loop->call_at(Instant(3s), [&] { loop->stop(); });
  loop->run_forever();
  EXPECT_EQ(now(), 3s);
  // From an empty heap, one cancelled timer of 150 must not count as the larger half.
  timers.clear();
  TraceText trace(time);
  for (int timer = 0; timer < 150; ++timer)
    timers.push_back(loop->call_later(1h, [this] { note("x"); }));
  timers.back().cancel();
  loop->call_later(2s, [&] { loop->stop(); });
  loop->run_forever();
  EXPECT_EQ(notes, Notes{});
}

// The heap itself, with handles that are nobody's.
class NodeOnly final : public detail::HandleNode {
 public:
  NodeOnly(Duration when, HandleId number) : HandleNode("timer", nullptr) {
    this->when = Instant(when);
    id = number;
  }
  void run() override {}
  void discard() noexcept override {}

 private:
  void dispose() noexcept override {}
};

TEST(TimerHeapTest, GivesBackByDeadlineThenByNumber) {
  std::mt19937 random(7);
  std::vector<std::unique_ptr<NodeOnly>> nodes;
  for (HandleId id = 1; id <= 400; ++id)
    nodes.push_back(std::make_unique<NodeOnly>(Duration(random() % 20), id));
  std::shuffle(nodes.begin(), nodes.end(), random);
  detail::TimerHeap heap;
  for (const auto& node : nodes) heap.push(node.get());
  EXPECT_EQ(heap.size(), 400U);
  std::pair<Instant, HandleId> last{};
  while (!heap.empty()) {
    const detail::HandleNode& top = heap.top();
    EXPECT_EQ(heap.top_when(), top.when);
    EXPECT_EQ(heap.pop(), &top);
    EXPECT_LT(last, std::pair(top.when, top.id));
    last = {top.when, top.id};
  }
}

TEST(TimerHeapTest, TakesOutExactlyTheCancelledOnes) {
  std::vector<std::unique_ptr<NodeOnly>> nodes;
  detail::TimerHeap heap;
  for (HandleId id = 1; id <= 102; ++id) {
    nodes.push_back(std::make_unique<NodeOnly>(Duration((id * 37) % 101), id));
    heap.push(nodes.back().get());
  }
  for (const auto& node : nodes) {
    if (node->id % 2 == 0 || node->id == 1) {
      node->cancelled = true;
      heap.note_cancelled();
    }
  }
  ASSERT_TRUE(heap.mostly_cancelled());
  std::set<HandleId> taken;
  for (const detail::HandleNode* node : heap.take_cancelled()) taken.insert(node->id);
  EXPECT_EQ(taken.size(), 52U);
  for (const auto& node : nodes) EXPECT_EQ(taken.contains(node->id), node->cancelled) << node->id;
  EXPECT_EQ(heap.size(), 50U);
  EXPECT_FALSE(heap.mostly_cancelled());
  Instant last{};
  while (!heap.empty()) {
    const detail::HandleNode* node = heap.pop();
    EXPECT_FALSE(node->cancelled);
    EXPECT_GE(node->when, last);
    last = node->when;
  }
}

TEST(TimerHeapTest, SmallHeapsAreNotSwept) {
  std::vector<std::unique_ptr<NodeOnly>> nodes;
  detail::TimerHeap heap;
  for (HandleId id = 1; id <= 100; ++id) {
    nodes.push_back(std::make_unique<NodeOnly>(1ns, id));
    nodes.back()->cancelled = true;
    heap.push(nodes.back().get());
    heap.note_cancelled();
  }
  EXPECT_FALSE(heap.mostly_cancelled());
}

}  // namespace
}  // namespace asyncio
