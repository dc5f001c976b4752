#include <atomic>
#include <latch>
#include <thread>

#include <asyncio/threads.hpp>

#include "backends/registry.hpp"
#include "support/loop_test.hpp"

namespace asyncio {
namespace {

// A loop that runs in a thread of its own; the test is the other thread.
class RunCoroutineThreadsafeTest : public LoopTest {
 public:
  EventLoop other{make_backend("")};
  std::thread thread{[this] { other.run_forever(); }};

  void TearDown() override {
    end();
    other.close();
    LoopTest::TearDown();
  }
  void end() {
    if (!thread.joinable()) return;
    other.call_soon_threadsafe([this] { other.stop(); });
    thread.join();
  }
  static Coro<int> add(int a, int b) {
    co_await sleep(1ms);
    co_return a + b;
  }
  static Coro<int> fails() {
    co_await sleep(1ms);
    throw std::runtime_error("Fail!");
  }
};

TEST_F(RunCoroutineThreadsafeTest, GivesTheResult) {
  const concurrent::Future<int> future = run_coroutine_threadsafe(add(1, 2), other);
  EXPECT_EQ(future.result(), 3);
  EXPECT_TRUE(future.done());
  EXPECT_EQ(future.exception(), nullptr);
}

TEST_F(RunCoroutineThreadsafeTest, RunsInTheLoopsThread) {
  const auto where = []() -> Coro<std::thread::id> { co_return std::this_thread::get_id(); };
  EXPECT_EQ(run_coroutine_threadsafe(where(), other).result(), thread.get_id());
}

TEST_F(RunCoroutineThreadsafeTest, ThrowsTheException) {
  const concurrent::Future<int> future = run_coroutine_threadsafe(fails(), other);
  EXPECT_EQ(message_of<std::runtime_error>([&] { future.result(); }), "Fail!");
}

TEST_F(RunCoroutineThreadsafeTest, CancellingItCancelsTheTask) {
  std::latch waits(1), was_cancelled(1);
  const auto waits_for_ever = [&]() -> Coro<> {
    try {
      waits.count_down();
      co_await sleep(1h);
    } catch (const CancelledError&) {
      was_cancelled.count_down();
      throw;
    }
  };
  const concurrent::Future<> future = run_coroutine_threadsafe(waits_for_ever(), other);
  waits.wait();
  EXPECT_TRUE(future.cancel());
  EXPECT_TRUE(future.cancelled());
  EXPECT_THROW(future.result(), CancelledError);
  was_cancelled.wait();
}

TEST_F(RunCoroutineThreadsafeTest, CancelledBeforeTheLoopHeardOfItItIsCancelledThere) {
  std::latch blocked(1), go_on(1);
  other.call_soon_threadsafe([&] {
    blocked.count_down();
    go_on.wait();
  });
  blocked.wait();
  std::atomic<bool> ended{false};
  const auto never = [&]() -> Coro<> {
    co_await sleep(1h);
    ended = true;
  };
  const concurrent::Future<> future = run_coroutine_threadsafe(never(), other);
  EXPECT_TRUE(future.cancel());
  go_on.count_down();
  end();
  EXPECT_FALSE(ended);
}

TEST_F(RunCoroutineThreadsafeTest, TaskThatIsCancelledCancelsIt) {
  const auto cancels_itself = []() -> Coro<> {
    current_task()->cancel();
    co_await sleep(1h);
  };
  const concurrent::Future<> future = run_coroutine_threadsafe(cancels_itself(), other);
  EXPECT_THROW(future.result(), CancelledError);
  EXPECT_TRUE(future.cancelled());
}

TEST_F(RunCoroutineThreadsafeTest, WaitingMayHaveATimeout) {
  const concurrent::Future<> future = run_coroutine_threadsafe(sleep(1h), other);
  EXPECT_THROW(future.result(5ms), TimeoutError);
  EXPECT_FALSE(future.done());
  EXPECT_TRUE(future.cancel());
}

TEST_F(RunCoroutineThreadsafeTest, CallbackIsCalledWhenItIsDone) {
  std::latch called(2);
  const concurrent::Future<int> future = run_coroutine_threadsafe(add(1, 2), other);
  future.add_done_callback([&](const concurrent::Future<int>& done) {
    EXPECT_EQ(done.result(), 3);
    called.count_down();
  });
  future.result();
  future.add_done_callback([&](const concurrent::Future<int>&) { called.count_down(); });
  called.wait();
}

TEST_F(RunCoroutineThreadsafeTest, AwaitableInAThirdPlaceThroughWrapFuture) {
  const auto main = [&]() -> Coro<int> {
    co_return co_await wrap_future(run_coroutine_threadsafe(add(3, 4), other));
  };
  EventLoop mine(make_backend(""));
  EXPECT_EQ(mine.run_until_complete(main()), 7);
}

TEST_F(RunCoroutineThreadsafeTest, CancellingTheWrappedOneCancelsTheTask) {
  const auto main = [&]() -> Coro<> {
    const concurrent::Future<> there = run_coroutine_threadsafe(sleep(1h), other);
    const Future<> wrapped = wrap_future(there);
    EXPECT_TRUE(wrapped.cancel());
    co_await sleep(0s);
    EXPECT_TRUE(there.cancelled());
  };
  EventLoop mine(make_backend(""));
  mine.run_until_complete(main());
}

TEST_F(RunCoroutineThreadsafeTest, CancellingItCancelsTheOneThatWrapsIt) {
  const auto main = [&]() -> Coro<> {
    const concurrent::Future<> there = run_coroutine_threadsafe(sleep(1h), other);
    const Future<> wrapped = wrap_future(there);
    EXPECT_TRUE(there.cancel());
    try {
      co_await wrapped;
    } catch (const CancelledError&) {
      note("cancelled");
    }
  };
  EventLoop mine(make_backend(""));
  mine.run_until_complete(main());
  EXPECT_EQ(notes, Notes{"cancelled"});
}

TEST_F(RunCoroutineThreadsafeTest, ThrowsWhatTheTaskFactoryThrows) {
  other.call_soon_threadsafe([&] {
    other.set_task_factory(
        [](EventLoop&, TaskOptions&) { throw std::invalid_argument("no such task"); });
  });
  const concurrent::Future<int> future = run_coroutine_threadsafe(add(1, 2), other);
  EXPECT_EQ(message_of<std::invalid_argument>([&] { future.result(); }), "no such task");
  end();
  std::string said;
  for (const std::string& message : messages()) said += message + "\n";
  EXPECT_NE(said.find("Exception in callback"), std::string::npos) << said;
  EXPECT_NE(said.find("was never awaited"), std::string::npos) << said;
}

TEST_F(RunCoroutineThreadsafeTest, ClosedLoopRefuses) {
  end();
  other.close();
  EXPECT_EQ(message_of<RuntimeError>([&] { run_coroutine_threadsafe(add(1, 2), other); }),
            "Event loop is closed");
  messages();  // add() was never awaited
}

TEST_F(RunCoroutineThreadsafeTest, TwoLoopsTalkToEachOther) {
  // Each hop is a task in the other loop.
  EventLoop mine(make_backend(""));
  std::function<Coro<int>(int)> hop = [&](int left) -> Coro<int> {
    if (left == 0) co_return 0;
    EventLoop& there = &get_running_loop() == &mine ? other : mine;
    co_return 1 + co_await wrap_future(run_coroutine_threadsafe(hop(left - 1), there));
  };
  EXPECT_EQ(mine.run_until_complete(hop(100)), 100);
}

TEST_F(RunCoroutineThreadsafeTest, ManyThreadsAsk) {
  std::atomic<int> sum{0};
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number)
    threads.emplace_back([&, number] {
      for (int call = 0; call < 50; ++call)
        sum += run_coroutine_threadsafe(add(number, 1), other).result();
    });
  for (std::thread& one : threads) one.join();
  EXPECT_EQ(sum, 50 * (1 + 2 + 3 + 4));
}

}  // namespace
}  // namespace asyncio
