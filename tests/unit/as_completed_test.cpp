#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class AsCompletedTest : public LoopTest {
 public:
  Coro<int> after(Duration delay, int value) {
    co_await sleep(delay);
    co_return value;
  }
  Coro<int> fails(Duration delay) {
    co_await sleep(delay);
    throw std::runtime_error("no");
  }
  std::vector<Coro<int>> three() {
    std::vector<Coro<int>> coros;
    for (int value = 3; value > 0; --value) coros.push_back(after(value * 1s, value));
    return coros;
  }
  void note_at(const std::string& what) { note(what + " at " + std::to_string(now() / 1ms)); }
  Coro<> attempt(Coro<int> coro) {
    try {
      const int value = co_await coro;
      note_at(std::to_string(value));
    } catch (...) {
      note_at(describe(std::current_exception()));
    }
  }
};

TEST_F(AsCompletedTest, GivesResultsInTheOrderInWhichTheyCome) {
  const auto main = [&]() -> Coro<> {
    for (Coro<int> next : as_completed(three())) co_await attempt(std::move(next));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 at 1000", "2 at 2000", "3 at 3000"}));
}

TEST_F(AsCompletedTest, GivesTheTasksThemselves) {
  const auto main = [&]() -> Coro<> {
    std::vector<Task<int>> tasks;
    for (Coro<int>& coro : three()) tasks.push_back(create_task(std::move(coro)));
    auto completed = as_completed(tasks);
    std::size_t left = 3;
    while (const auto next = co_await completed.next()) EXPECT_EQ(*next, tasks[--left]);
    EXPECT_EQ(left, 0U);
    const auto after_the_last = co_await completed.next();
    EXPECT_EQ(after_the_last, std::nullopt);
  };
  run(main());
}

TEST_F(AsCompletedTest, ThrowsTheExceptionOfTheNextThatFailed) {
  const auto main = [&]() -> Coro<> {
    std::vector<Coro<int>> coros = three();
    coros.push_back(fails(1500ms));
    for (Coro<int> next : as_completed(std::move(coros))) co_await attempt(std::move(next));
  };
  run(main());
  EXPECT_EQ(notes,
            (Notes{"1 at 1000", "std::runtime_error: no at 1500", "2 at 2000", "3 at 3000"}));
}

TEST_F(AsCompletedTest, TimeoutThrowsAtEachStepThatIsLeft) {
  const auto main = [&]() -> Coro<> {
    for (Coro<int> next : as_completed(three(), 1500ms)) co_await attempt(std::move(next));
    co_await sleep(5s);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 at 1000", "TimeoutError at 1500", "TimeoutError at 1500"}));
}

TEST_F(AsCompletedTest, WhatWasDoneBeforeTheTimeoutIsStillGivenAfterIt) {
  const auto main = [&]() -> Coro<> {
    auto completed = as_completed(three(), 2500ms);
    co_await sleep(10s);
    for (Coro<int> next : completed) co_await attempt(std::move(next));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 at 10000", "2 at 10000", "TimeoutError at 10000"}));
}

TEST_F(AsCompletedTest, TimeoutThatIsNotNeededLeavesNoTimerBehind) {
  const auto main = [&]() -> Coro<> {
    for (Coro<int> next : as_completed(three(), 1h)) co_await attempt(std::move(next));
  };
  run(main());
  turns(1);
  EXPECT_EQ(loop->next_timeout(), std::nullopt);
}

TEST_F(AsCompletedTest, CanBeLeftAndGoneOnWith) {
  const auto main = [&]() -> Coro<> {
    auto completed = as_completed(three());
    for (Coro<int> next : completed) {
      co_await attempt(std::move(next));
      break;
    }
    note("between");
    for (Coro<int> next : completed) co_await attempt(std::move(next));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 at 1000", "between", "2 at 2000", "3 at 3000"}));
}

TEST_F(AsCompletedTest, StepsMayBeAwaitedInAnyOrderAndAtOnce) {
  const auto main = [&]() -> Coro<> {
    std::vector<Coro<int>> steps;
    for (Coro<int> next : as_completed(three())) steps.push_back(std::move(next));
    std::vector<Coro<>> attempts;
    for (; !steps.empty(); steps.pop_back()) attempts.push_back(attempt(std::move(steps.back())));
    co_await gather(std::move(attempts));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 at 1000", "2 at 2000", "3 at 3000"}));
}

TEST_F(AsCompletedTest, StepThatIsCancelledPassesItsWakeUpOn) {
  const auto main = [&]() -> Coro<> {
    const Future<int> a = loop->create_future<int>(), b = loop->create_future<int>();
    std::vector<Coro<int>> steps;
    for (Coro<int> next : as_completed(std::tuple(a, b))) steps.push_back(std::move(next));
    const Task<> first = create_task(attempt(std::move(steps[0])));
    const Task<> second = create_task(attempt(std::move(steps[1])));
    co_await sleep(0s);
    a.set_result(1);
    co_await sleep(0s);  // the first one's future is done, and it has not run yet
    first.cancel();
    co_await first;
    co_await second;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"CancelledError at 0", "1 at 0"}));
}

TEST_F(AsCompletedTest, OfOneGivenTwiceGivesItOnce) {
  const auto main = [&]() -> Coro<> {
    const Task<int> task = create_task(after(1s, 1));
    for (Coro<int> next : as_completed(std::tuple(task, task))) co_await attempt(std::move(next));
  };
  run(main());
  EXPECT_EQ(notes, Notes{"1 at 1000"});
}

TEST_F(AsCompletedTest, OfWhatIsDoneTakesOneTurnForAll) {
  const auto main = [&]() -> Coro<std::uint64_t> {
    std::vector<Future<int>> futures(3);
    for (Future<int>& future : futures) {
      future = loop->create_future<int>();
      future.set_result(1);
    }
    const std::uint64_t before = loop->turns();
    for (Coro<int> next : as_completed(futures)) co_await next;
    co_return loop->turns() - before;
  };
  EXPECT_EQ(run(main()), 2U) << "the callbacks' turn, and the turn of the wake-up";
}

TEST_F(AsCompletedTest, OfDifferentTypesGivesAnyFutures) {
  const auto main = [&]() -> Coro<> {
    const Task<int> slow = create_task(after(2s, 2));
    const Future<std::string> text = loop->create_future<std::string>();
    loop->call_later(1s, [=] { text.set_result("one"); });
    auto completed = as_completed(std::tuple(slow, text, after(3s, 3)));
    const auto first = co_await completed.next();
    EXPECT_TRUE(*first == text);
    const auto second = co_await completed.next();
    EXPECT_TRUE(*second == slow);
    for (Coro<> rest : completed) co_await rest;
  };
  run(main());
  EXPECT_EQ(now(), 3s);
}

TEST_F(AsCompletedTest, OfNothingHasNoSteps) {
  const auto main = [&]() -> Coro<> {
    auto completed = as_completed(std::vector<Coro<int>>(), 1s);
    const auto next = co_await completed.next();
    EXPECT_FALSE(next);
    for (Coro<int> step : completed) co_await attempt(std::move(step));
  };
  run(main());
  EXPECT_EQ(notes, Notes{});
  EXPECT_EQ(now(), 0s);
}

TEST_F(AsCompletedTest, DroppedTheTasksGoOn) {
  const auto main = [&]() -> Coro<> {
    for (Coro<int> next : as_completed(three(), 1h)) {
      co_await attempt(std::move(next));
      break;
    }
    co_await sleep(5s);
    EXPECT_EQ(all_tasks().size(), 1U);
  };
  run(main());
}

TEST_F(AsCompletedTest, NeedsARunningLoop) {
  EXPECT_EQ(message_of<RuntimeError>([&] { static_cast<void>(as_completed(three())); }),
            "no running event loop");
  EXPECT_EQ(messages().size(), 3U) << "the coroutines were never awaited";
}

TEST_F(AsCompletedTest, ItsLoopMayEndWhileSomebodyWaits) {
  const auto main = [&]() -> Coro<> {
    auto completed = as_completed(three(), 1h);
    std::vector<Coro<int>> steps;
    for (Coro<int> next : completed) steps.push_back(std::move(next));
    co_await gather(std::move(steps));
  };
  loop->create_task(main());
  turns(4);
}

}  // namespace
}  // namespace asyncio
