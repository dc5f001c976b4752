#include <array>

#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class WaitForTest : public LoopTest {
 public:
  Coro<int> after(Duration delay, int value) {
    note("begins");
    co_await sleep(delay);
    co_return value;
  }
  Coro<int> cleans_up(Duration delay, int value) {
    bool cancelled = false;
    try {
      co_await sleep(delay);
    } catch (const CancelledError&) {
      cancelled = true;
    }
    co_await sleep(1s);
    note("cleaned up");
    if (cancelled && value == 0) throw CancelledError();
    co_return value;
  }
  template <class A>
  Coro<> attempt(A awaitable, std::optional<Duration> timeout) {
    try {
      const int result = co_await wait_for(std::move(awaitable), timeout);
      note(std::to_string(result));
    } catch (...) {
      note(describe(std::current_exception()));
    }
    note(std::to_string(now() / 1ms) + " ms");
  }
};

TEST_F(WaitForTest, GivesTheResultInTime) {
  run(attempt(after(1s, 7), 2s));
  EXPECT_EQ(notes, (Notes{"begins", "7", "1000 ms"}));
}

TEST_F(WaitForTest, ThrowsTimeoutErrorWhoseCauseIsTheCancellation) {
  const std::array<Duration, 2> delays{1s, 0s};
  const auto main = [&]() -> Coro<> {
    for (const Duration delay : delays) {
      const Task<int> task = create_task(after(1h, 7));
      co_await sleep(0s);
      try {
        co_await wait_for(task, delay);
      } catch (const TimeoutError& error) {
        note(describe(error.cause()));
      }
      EXPECT_TRUE(task.cancelled());
    }
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"begins", "CancelledError", "begins", "CancelledError"}));
}

TEST_F(WaitForTest, CoroutineRunsInTheWaitingTask) {
  const auto main = [&]() -> Coro<> {
    const AnyTask self = *current_task();
    const auto asks = [&]() -> Coro<> {
      EXPECT_EQ(current_task(), self);
      co_return;
    };
    const std::uint64_t before = loop->turns();
    co_await wait_for(asks(), 1s);
    EXPECT_EQ(loop->turns(), before);
  };
  run(main());
}

TEST_F(WaitForTest, WithoutTimeoutWaitsAsLongAsItTakes) {
  run(attempt(after(1000h, 7), std::nullopt));
  EXPECT_EQ(notes[1], "7");
}

TEST_F(WaitForTest, OfZeroOrLessNeverBeginsACoroutine) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(after(0s, 7), 0s);
    co_await attempt(after(0s, 7), -1s);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"TimeoutError", "0 ms", "TimeoutError", "0 ms"}));
}

TEST_F(WaitForTest, OfZeroGivesWhatIsDoneAlready) {
  const auto main = [&]() -> Coro<> {
    const Future<int> future = loop->create_future<int>();
    future.set_result(7);
    co_await attempt(future, 0s);
    const Future<int> failed = loop->create_future<int>();
    failed.set_exception(std::runtime_error("no"));
    co_await attempt(failed, -1s);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"7", "0 ms", "std::runtime_error: no", "0 ms"}));
}

TEST_F(WaitForTest, WaitsUntilWhatItCancelledHasCleanedUp) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(create_task(cleans_up(1h, 0)), 1s);
    const Task<int> begun = create_task(cleans_up(1h, 0));
    co_await sleep(0s);
    co_await attempt(begun, 0s);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"cleaned up", "TimeoutError", "2000 ms", "cleaned up", "TimeoutError",
                          "3000 ms"}));
}

TEST_F(WaitForTest, GivesTheResultOfWhatSwallowsTheCancellation) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(cleans_up(1h, 7), 1s);
    const Task<int> begun = create_task(cleans_up(1h, 8));
    co_await sleep(0s);
    co_await attempt(begun, 0s);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"cleaned up", "7", "2000 ms", "cleaned up", "8", "3000 ms"}));
}

TEST_F(WaitForTest, ThrowsWhatIsThrownWhileItIsCancelled) {
  const auto fails = []() -> Coro<int> {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
    }
    throw std::runtime_error("in cleaning up");
  };
  const auto main = [&]() -> Coro<> { co_await attempt(create_task(fails()), 1s); };
  run(main());
  EXPECT_EQ(notes, (Notes{"std::runtime_error: in cleaning up", "1000 ms"}));
}

TEST_F(WaitForTest, CancellingItCancelsWhatItWaitsFor) {
  const std::array<std::optional<Duration>, 3> delays{std::nullopt, 60s, 0s};
  const auto main = [&]() -> Coro<> {
    for (const std::optional<Duration>& delay : delays) {
      const Task<int> task = create_task(cleans_up(1h, 0));
      co_await sleep(0s);
      const Task<int> waiting = create_task(wait_for(task, delay));
      co_await sleep(0s);
      waiting.cancel();
      EXPECT_THROW(co_await waiting, CancelledError);
      EXPECT_EQ(task.cancelled(), delay != 0s)
          << "with no time at all it was cancelled already, and nobody waits for it any more";
      co_await wait(std::tuple(task));
    }
  };
  run(main());
}

TEST_F(WaitForTest, ResultThatComesWithTheCancellationIsNotLost) {
  const auto main = [&]() -> Coro<> {
    const Task<int> inner = create_task(after(0s, 7));
    const Task<int> waiting = create_task(wait_for(inner, 100s));
    while (!inner.done()) co_await sleep(0s);
    waiting.cancel();
    EXPECT_THROW(co_await waiting, CancelledError);
    EXPECT_EQ(inner.result(), 7);
  };
  run(main());
}

TEST_F(WaitForTest, OfAShieldCancelsTheShieldOnly) {
  const auto main = [&]() -> Coro<> {
    const Task<int> task = create_task(after(5s, 7));
    co_await attempt(shield(task), 1s);
    co_await attempt(shield(task), 0s);
    EXPECT_FALSE(task.done());
    co_await attempt(shield(task), std::nullopt);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"begins", "TimeoutError", "1000 ms", "TimeoutError", "1000 ms", "7",
                          "5000 ms"}));
}

}  // namespace
}  // namespace asyncio
