#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class WaitTest : public LoopTest {
 public:
  Coro<int> after(Duration delay, int value) {
    co_await sleep(delay);
    co_return value;
  }
  Coro<int> fails(Duration delay) {
    co_await sleep(delay);
    throw std::runtime_error("no");
  }
  std::vector<Task<int>> three() {
    return {create_task(after(3s, 3)), create_task(after(1s, 1)), create_task(after(2s, 2))};
  }
  // "3 1 | 2": the results of those that are done, and how many are not.
  template <class F>
  void note(const Waited<F>& waited) {
    std::string text;
    for (const F& each : waited.done)
      text += each.cancelled() ? "cancelled " : each.exception() ? "error " : value(each) + " ";
    LoopTest::note(text + "| " + std::to_string(waited.pending.size()) + " at " +
                   std::to_string(now() / 1ms));
  }
  static std::string value(const Future<int>& future) { return std::to_string(future.result()); }
  static std::string value(const AnyFuture&) { return "done"; }
};

TEST_F(WaitTest, WaitsForAllAndGivesThemInTheOrderOfTheArguments) {
  const auto main = [&]() -> Coro<> {
    const auto waited = co_await wait(three());
    note(waited);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"3 1 2 | 0 at 3000"});
}

TEST_F(WaitTest, OneTurnForTheCallbackAndOneForTheTask) {
  const Future<> future = loop->create_future<>();
  const auto main = [&]() -> Coro<std::uint64_t> {
    std::uint64_t before = 0;
    loop->call_soon([&, future] {
      before = loop->turns();
      future.set_result();
    });
    co_await wait(std::tuple(future));
    co_return loop->turns() - before;
  };
  EXPECT_EQ(run(main()), 2U);
}

TEST_F(WaitTest, OfWhatIsDoneAlreadyTakesTwoTurns) {
  const Future<> future = loop->create_future<>();
  future.set_result();
  const auto main = [&]() -> Coro<std::uint64_t> {
    const std::uint64_t before = loop->turns();
    co_await wait(std::tuple(future));
    co_return loop->turns() - before;
  };
  EXPECT_EQ(run(main()), 2U);
}

TEST_F(WaitTest, FirstCompletedGivesTheOthersAsPending) {
  const auto main = [&]() -> Coro<> {
    auto [done, pending] = co_await wait(three(), FIRST_COMPLETED);
    EXPECT_EQ(done.size(), 1U);
    EXPECT_EQ(pending.size(), 2U);
    const auto rest = co_await wait(std::move(pending));
    note(rest);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"3 2 | 0 at 3000"});
}

TEST_F(WaitTest, FirstCompletedGivesAllThatAreDoneByThen) {
  const auto main = [&]() -> Coro<> {
    std::vector<Task<int>> tasks{create_task(after(1s, 1)), create_task(after(1s, 2)),
                                 create_task(after(2s, 3))};
    const auto waited = co_await wait(tasks, FIRST_COMPLETED);
    note(waited);
    co_await tasks[2];
  };
  run(main());
  EXPECT_EQ(notes, Notes{"1 2 | 1 at 1000"});
}

TEST_F(WaitTest, FirstExceptionWaitsForAllUnlessOneFails) {
  const auto main = [&]() -> Coro<> {
    std::vector<Task<int>> tasks = three();
    tasks.push_back(create_task(fails(1500ms)));
    auto waited = co_await wait(tasks, FIRST_EXCEPTION);
    note(waited);
    waited = co_await wait(std::move(waited.pending), FIRST_EXCEPTION);
    note(waited);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 error | 2 at 1500", "3 2 | 0 at 3000"}));
}

TEST_F(WaitTest, FirstExceptionOfOneThatHasFailedReturnsSoon) {
  const auto main = [&]() -> Coro<> {
    std::vector<Task<int>> tasks{create_task(fails(0s)), create_task(after(1s, 1))};
    co_await sleep(100ms);
    const auto waited = co_await wait(tasks, FIRST_EXCEPTION);
    note(waited);
    co_await tasks[1];
  };
  run(main());
  EXPECT_EQ(notes, Notes{"error | 1 at 100"});
}

TEST_F(WaitTest, CancellationOfOneIsNoException) {
  const auto main = [&]() -> Coro<> {
    const std::vector<Task<int>> tasks = three();
    tasks[0].cancel();
    const auto waited = co_await wait(tasks, FIRST_EXCEPTION);
    note(waited);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"cancelled 1 2 | 0 at 2000"});
}

TEST_F(WaitTest, ThrowsNothingOfTheirs) {
  const auto main = [&]() -> Coro<> {
    const auto waited = co_await wait(std::tuple(create_task(fails(1s))));
    note(waited);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"error | 0 at 1000"});
}

TEST_F(WaitTest, TimeoutGivesWhatIsDoneByThenAndThrowsNothing) {
  const auto main = [&]() -> Coro<> {
    auto waited = co_await wait(three(), 1500ms);
    note(waited);
    waited = co_await wait(std::move(waited.pending), FIRST_COMPLETED, 10s);
    note(waited);
    waited = co_await wait(std::move(waited.pending), 0s);
    note(waited);
    waited = co_await wait(std::move(waited.pending), -1s);
    note(waited);
    co_await waited.pending[0];
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 | 2 at 1500", "2 | 1 at 2000", "| 1 at 2000", "| 1 at 2000"}));
}

TEST_F(WaitTest, LeavesNoTimerBehind) {
  const auto main = [&]() -> Coro<> { co_await wait(three(), 1h); };
  run(main());
  turns(1);
  EXPECT_EQ(loop->next_timeout(), std::nullopt);
}

TEST_F(WaitTest, OfOneGivenTwiceGivesItOnce) {
  const auto main = [&]() -> Coro<> {
    const Task<int> task = create_task(after(1s, 1)), other = create_task(after(2s, 2));
    const auto waited = co_await wait(std::tuple(task, other, task));
    note(waited);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"1 2 | 0 at 2000"});
}

TEST_F(WaitTest, OfDifferentTypesGivesAnyFutures) {
  const auto main = [&]() -> Coro<> {
    const Task<int> number = create_task(after(1s, 1));
    const Future<std::string> text = loop->create_future<std::string>();
    const auto waited = co_await wait(std::tuple(number, text), 5s);
    note(waited);
    EXPECT_TRUE(waited.done[0] == number);
    EXPECT_TRUE(waited.pending[0] == text);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"done | 1 at 5000"});
}

TEST_F(WaitTest, OfNothingThrows) {
  const auto main = [&]() -> Coro<> { co_await wait(std::vector<Task<int>>()); };
  EXPECT_EQ(message_of<std::invalid_argument>([&] { run(main()); }),
            "Set of Tasks/Futures is empty.");
}

TEST_F(WaitTest, CancelledItCancelsNothingAndLeavesNoCallback) {
  const auto main = [&]() -> Coro<> {
    const Task<int> task = create_task(after(2s, 7));
    const auto waits = [&]() -> Coro<> { co_await wait(std::tuple(task), 1h); };
    const Task<> waiting = create_task(waits());
    co_await sleep(1s);
    waiting.cancel("enough");
    EXPECT_THROW(co_await waiting, CancelledError);
    EXPECT_FALSE(task.done());
    EXPECT_EQ(co_await task, 7);
  };
  run(main());
}

TEST_F(WaitTest, SeveralMayWaitForTheSame) {
  const auto main = [&]() -> Coro<> {
    const std::vector<Task<int>> tasks = three();
    const auto waits = [&](ReturnWhen when) -> Coro<> {
      const auto waited = co_await wait(tasks, when);
      note(waited);
    };
    co_await gather(waits(ALL_COMPLETED), waits(FIRST_COMPLETED));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 | 2 at 1000", "3 1 2 | 0 at 3000"}));
}

TEST_F(WaitTest, ItsLoopMayEndWhileItWaits) {
  const auto main = [&]() -> Coro<> { co_await wait(three(), 1h); };
  loop->create_task(main());
  turns(3);
}

TEST_F(WaitTest, OfManyTakesNoMoreThanOneCallbackEach) {
  const auto main = [&]() -> Coro<std::uint64_t> {
    std::vector<Task<int>> tasks;
    tasks.reserve(100'000);
    for (int index = 0; index < 100'000; ++index) tasks.push_back(create_task(after(0s, index)));
    const auto [done, pending] = co_await wait(std::move(tasks));
    EXPECT_EQ(done.size(), 100'000U);
    co_return loop->turns();
  };
  EXPECT_LE(run(main()), 6U);
}

}  // namespace
}  // namespace asyncio
