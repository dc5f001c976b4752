#include <algorithm>
#include <atomic>
#include <latch>
#include <thread>

#include <asyncio/threads.hpp>

#include "backends/process.hpp"
#include "program/settings.hpp"
#include "program/virtual_process_time.hpp"
#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class ExecutorTest : public LoopTest {
 public:
  ExecutorTest() { program::set_backend("virtual"); }
  ~ExecutorTest() override { program::set_backend(""); }

  // Passes virtual time, as std::this_thread::sleep_for() does in a program under that clock.
  static void block(Duration duration) { VirtualTime::of_process()->sleep(duration); }
};

TEST_F(ExecutorTest, GivesWhatTheFunctionReturns) {
  const auto main = []() -> Coro<int> { co_return co_await to_thread([] { return 42; }); };
  EXPECT_EQ(asyncio::run(main()), 42);
}

TEST_F(ExecutorTest, ThrowsWhatTheFunctionThrows) {
  const auto main = []() -> Coro<> {
    co_await to_thread([] { throw std::runtime_error("test"); });
  };
  EXPECT_EQ(message_of<std::runtime_error>([&] { asyncio::run(main()); }), "test");
}

TEST_F(ExecutorTest, PassesTheArguments) {
  const auto main = []() -> Coro<std::string> {
    auto join = [](const std::string& a, int b) { return a + std::to_string(b); };
    co_return co_await to_thread(join, std::string("test"), 7);
  };
  EXPECT_EQ(asyncio::run(main()), "test7");
}

TEST_F(ExecutorTest, CallSeesACopyOfTheContextOfItsTask) {
  ContextVar<int> variable("variable", 0);
  const auto call = [&] {
    const int before = variable.get();
    variable.set(before + 1);
    return before;
  };
  const auto main = [&]() -> Coro<> {
    EXPECT_EQ(co_await to_thread(call), 0);
    variable.set(7);
    EXPECT_EQ(co_await to_thread(call), 7);
    EXPECT_EQ(variable.get(), 7) << "what a call sets is its own";
    // Nor does the thread keep it for the next call, though that takes no context along.
    EXPECT_EQ(co_await get_running_loop().run_in_executor(nullptr, call), 0);
  };
  asyncio::run(main());
}

TEST_F(ExecutorTest, RunsInAnotherThread) {
  const std::thread::id here = std::this_thread::get_id();
  const auto main = [&]() -> Coro<bool> {
    const std::thread::id there = co_await to_thread([] { return std::this_thread::get_id(); });
    co_return there == here;
  };
  EXPECT_FALSE(asyncio::run(main()));
}

TEST_F(ExecutorTest, ResultMayBeAThingThatCannotBeCopied) {
  const auto main = []() -> Coro<int> {
    const std::unique_ptr<int> made = co_await to_thread([] { return std::make_unique<int>(5); });
    co_return *made;
  };
  EXPECT_EQ(asyncio::run(main()), 5);
}

TEST_F(ExecutorTest, AllOfManyCallsReturn) {
  std::atomic<int> calls{0};
  const auto main = [&]() -> Coro<> {
    std::vector<Task<>> tasks;
    for (int call = 0; call < 100; ++call)
      tasks.push_back(create_task(to_thread([&] { ++calls; })));
    for (const Task<>& task : tasks) co_await task;
  };
  asyncio::run(main());
  EXPECT_EQ(calls, 100);
}

TEST_F(ExecutorTest, FutureIsAnOrdinaryOne) {
  const auto main = [&]() -> Coro<> {
    const Future<int> future = get_running_loop().run_in_executor(nullptr, [] { return 1; });
    EXPECT_FALSE(future.done());
    future.add_done_callback(
        [&](const Future<int>& done) { note("callback " + std::to_string(done.result())); });
    note("awaited " + std::to_string(co_await future));
  };
  asyncio::run(main());
  EXPECT_EQ(notes, (Notes{"callback 1", "awaited 1"}));
}

TEST_F(ExecutorTest, WhatHasNotBegunCanBeCancelled) {
  ThreadPoolExecutor pool(1);
  bool ran = false;
  const auto main = [&]() -> Coro<> {
    EventLoop& its = get_running_loop();
    const Future<> first = its.run_in_executor(&pool, [] { block(1s); });
    const Future<> second = its.run_in_executor(&pool, [&] { ran = true; });
    co_await sleep(500ms);
    EXPECT_TRUE(second.cancel());
    EXPECT_FALSE(second.cancel());
    co_await first;
    co_await sleep(1s);
  };
  asyncio::run(main());
  EXPECT_FALSE(ran);
}

TEST_F(ExecutorTest, CancellingTheTaskDoesNotStopTheCall) {
  bool ended = false;
  const auto main = [&]() -> Coro<> {
    const Task<> task = create_task(to_thread([&] {
      block(2s);
      ended = true;
    }));
    co_await sleep(1s);
    task.cancel();
    co_await sleep(0s);
    co_await sleep(0s);
    EXPECT_TRUE(task.cancelled());
    EXPECT_FALSE(ended);
  };
  asyncio::run(main());
  EXPECT_TRUE(ended) << "run() waits for it";
}

TEST_F(ExecutorTest, ClosedLoopRefuses) {
  const auto other = make_loop();
  other->close();
  EXPECT_EQ(message_of<RuntimeError>([&] { other->run_in_executor(nullptr, [] {}); }),
            "Event loop is closed");
}

TEST_F(ExecutorTest, DefaultOneCanBeSet) {
  class Counting : public ThreadPoolExecutor {
   public:
    std::atomic<int> jobs{0};

   protected:
    void execute(std::unique_ptr<detail::Job> job) override {
      ++jobs;
      ThreadPoolExecutor::execute(std::move(job));
    }
  };
  const auto mine = std::make_shared<Counting>();
  const auto main = [&]() -> Coro<> {
    get_running_loop().set_default_executor(mine);
    co_await to_thread([] {});
  };
  asyncio::run(main());
  EXPECT_EQ(mine->jobs, 1);
  EXPECT_EQ(message_of<TypeError>([&] { loop->set_default_executor(nullptr); }),
            "executor must be ThreadPoolExecutor instance");
}

TEST_F(ExecutorTest, AfterItsShutdownTheDefaultOneRefuses) {
  const auto main = [&]() -> Coro<> {
    EventLoop& its = get_running_loop();
    co_await its.shutdown_default_executor();
    note(message_of<RuntimeError>([&] { its.run_in_executor(nullptr, [] {}); }));
  };
  asyncio::run(main());
  EXPECT_EQ(notes, Notes{"Executor shutdown has been called"});
}

TEST_F(ExecutorTest, ShutdownWaitsForWhatRuns) {
  bool ended = false;
  const auto main = [&]() -> Coro<> {
    EventLoop& its = get_running_loop();
    const auto future = its.run_in_executor(nullptr, [&] {
      block(3s);
      ended = true;
    });
    co_await its.shutdown_default_executor();
    EXPECT_TRUE(ended);
    co_await future;
  };
  asyncio::run(main());
}

TEST_F(ExecutorTest, ShutdownThatTakesTooLongIsWarnedAbout) {
  const auto main = [&]() -> Coro<> {
    EventLoop& its = get_running_loop();
    const auto future = its.run_in_executor(nullptr, [] { block(10s); });
    const Instant begin = its.time();
    co_await its.shutdown_default_executor(2s);
    EXPECT_EQ(its.time() - begin, 2s);
    co_await future;
  };
  asyncio::run(main());
  EXPECT_EQ(messages(), Messages{"warning: The executor did not finishing joining its threads "
                                 "within 2 seconds."});
}

TEST_F(ExecutorTest, ExecutorOfOnesOwnMustRunTheJobs) {
  class Nothing : public Executor {
   public:
    void shutdown(bool, bool) override {}
  } nothing;
  EXPECT_THROW(nothing.submit([] {}), NotImplementedError);
}

// -- The pool by itself --------------------------------------------------------------------------------------------------

TEST_F(ExecutorTest, PoolCanBeUsedWithoutALoop) {
  ThreadPoolExecutor pool(2);
  const concurrent::Future<int> one = pool.submit([] { return 1; });
  const concurrent::Future<> fails = pool.submit([] { throw std::out_of_range("no"); });
  EXPECT_EQ(one.result(), 1);
  EXPECT_TRUE(one.done());
  EXPECT_EQ(message_of<std::out_of_range>([&] { fails.result(); }), "no");
  EXPECT_EQ(describe(fails.exception()), "std::out_of_range: no");
}

TEST_F(ExecutorTest, PoolRefusesAfterItsShutdown) {
  ThreadPoolExecutor pool;
  pool.shutdown();
  EXPECT_EQ(message_of<RuntimeError>([&] { pool.submit([] {}); }),
            "cannot schedule new futures after shutdown");
  EXPECT_EQ(message_of<ValueError>([] { ThreadPoolExecutor none(-1); }),
            "max_workers must be greater than 0");
}

TEST_F(ExecutorTest, PoolHasNoMoreThreadsThanItMay) {
  ThreadPoolExecutor pool(3);
  std::atomic<int> now_running{0}, most{0};
  std::vector<concurrent::Future<>> calls;
  for (int call = 0; call < 30; ++call) {
    calls.push_back(pool.submit([&] {
      const int running = ++now_running;
      int seen = most;
      while (running > seen && !most.compare_exchange_weak(seen, running)) {
      }
      std::this_thread::sleep_for(1ms);
      --now_running;
    }));
  }
  for (const auto& call : calls) call.result();
  EXPECT_LE(most, 3);
  EXPECT_GE(most, 1);
}

TEST_F(ExecutorTest, ShutdownMayCancelWhatHasNotBegun) {
  ThreadPoolExecutor pool(1);
  std::latch begun(1), go_on(1);
  const auto first = pool.submit([&] {
    begun.count_down();
    go_on.wait();
  });
  const auto second = pool.submit([] {});
  begun.wait();
  pool.shutdown(false, true);
  go_on.count_down();
  first.result();
  EXPECT_TRUE(second.cancelled());
  EXPECT_THROW(second.result(), CancelledError);
}

TEST_F(ExecutorTest, ResultCanBeWaitedForWithATimeout) {
  ThreadPoolExecutor pool(1);
  std::latch go_on(1);
  const auto call = pool.submit([&] { go_on.wait(); });
  EXPECT_THROW(call.result(5ms), TimeoutError);
  EXPECT_FALSE(call.done());
  go_on.count_down();
  call.result();
}

// -- Under the virtual clock ----------------------------------------------------------------------------------------------

TEST_F(ExecutorTest, CallsThatSleepTakeAsLongAsTheLongest) {
  const auto main = [&]() -> Coro<Duration> {
    const Instant begin = get_running_loop().time();
    co_await gather(to_thread([] { block(1s); }), to_thread([] { block(3s); }),
                    to_thread([] { block(2s); }));
    co_return get_running_loop().time() - begin;
  };
  EXPECT_EQ(asyncio::run(main()), 3s);
}

TEST_F(ExecutorTest, TasksRunWhileACallSleeps) {
  const auto ticks = [&]() -> Coro<> {
    for (int tick = 1; tick <= 3; ++tick) {
      co_await sleep(1s);
      note("tick " + std::to_string(tick));
    }
  };
  const auto main = [&]() -> Coro<> {
    co_await gather(ticks(), to_thread([&] {
                      block(1500ms);
                      note("call");
                    }));
  };
  asyncio::run(main());
  EXPECT_EQ(notes, (Notes{"tick 1", "call", "tick 2", "tick 3"}));
}

TEST_F(ExecutorTest, SaysTheSameAtEveryRun) {
  const auto program = [&]() -> Coro<> {
    ThreadPoolExecutor pool(3);
    std::vector<Future<>> calls;
    for (int call = 0; call < 12; ++call) {
      calls.push_back(get_running_loop().run_in_executor(&pool, [this, call] {
        for (int step = 0; step < 3; ++step) {
          note(std::to_string(call) + "." +
               std::to_string(step));  // no lock: one goes on at a time
          block(std::chrono::milliseconds(100 * (call % 4)));
        }
      }));
    }
    for (const Future<>& call : calls) {
      co_await call;
      note("back");
    }
  };
  asyncio::run(program());
  const Notes first = std::exchange(notes, {});
  EXPECT_EQ(first.size(), 12U * 4);
  for (int round = 0; round < 20; ++round) {
    asyncio::run(program());
    EXPECT_EQ(std::exchange(notes, {}), first);
  }
}

TEST_F(ExecutorTest, LoopWaitsForACallThatComputes) {
  const auto main = [&]() -> Coro<> {
    const auto computes = [&] {
      const auto end = std::chrono::steady_clock::now() + 60ms;
      while (std::chrono::steady_clock::now() < end) {
      }
      note("computed");
    };
    const auto timer = [&]() -> Coro<> {
      co_await sleep(1h);
      note("an hour later");
    };
    co_await gather(to_thread(computes), timer());
  };
  asyncio::run(main());
  EXPECT_EQ(notes, (Notes{"computed", "an hour later"}));
}

TEST_F(ExecutorTest, CallsMayWaitForOneAnother) {
  const auto main = [&]() -> Coro<> {
    std::latch met(2);
    const auto meets = [&] { met.arrive_and_wait(); };
    co_await gather(to_thread(meets), to_thread(meets));
    note("met");
  };
  asyncio::run(main());
  EXPECT_EQ(notes, Notes{"met"});
}

TEST_F(ExecutorTest, CallMayAskItsLoopForSomething) {
  const auto doubles = [](int value) -> Coro<int> {
    co_await sleep(1s);
    co_return 2 * value;
  };
  const auto main = [&]() -> Coro<int> {
    EventLoop& its = get_running_loop();
    co_return co_await to_thread(
        [&] { return run_coroutine_threadsafe(doubles(21), its).result() + 1; });
  };
  EXPECT_EQ(asyncio::run(main()), 43);
}

// Sleeps in a loop of its own, in the thread that calls it.
static Duration sleeps_in_its_loop(Duration duration) {
  const auto sleeps = [&]() -> Coro<Duration> {
    const Instant begin = get_running_loop().time();
    co_await sleep(duration);
    co_return get_running_loop().time() - begin;
  };
  return asyncio::run(sleeps());
}

TEST_F(ExecutorTest, LoopsInThreadsShareTheTimeWithTheLoopThatSentThem) {
  const auto ticks = [&]() -> Coro<> {
    for (int tick = 1; tick <= 3; ++tick) {
      co_await sleep(1s);
      note("tick " + std::to_string(tick));
    }
  };
  const auto call = [&](Duration duration) {
    EXPECT_EQ(sleeps_in_its_loop(duration), duration);
    note("call");
  };
  const auto main = [&]() -> Coro<> {
    const Instant begin = get_running_loop().time();
    co_await gather(ticks(), to_thread(call, 2500ms), to_thread(call, 1500ms));
    EXPECT_EQ(get_running_loop().time() - begin, 3s);
  };
  asyncio::run(main());
  EXPECT_EQ(notes, (Notes{"tick 1", "call", "tick 2", "call", "tick 3"}));
}

TEST_F(ExecutorTest, LoopInAThreadIsWokenFromOutsideWhileItSleeps) {
  const auto main = [&]() -> Coro<> {
    EventLoop* inner = nullptr;
    Future<> never;
    const auto waits = [&]() -> Coro<> {
      inner = &get_running_loop();
      never = inner->create_future<void>();
      TimerHandle late = inner->call_later(1h, [&] { note("too late"); });
      co_await never;
      late.cancel();
      note("woken");
    };
    const Instant begin = get_running_loop().time();
    const auto thread = create_task(to_thread([&] { asyncio::run(waits()); }));
    co_await sleep(1s);
    inner->call_soon_threadsafe([&] { never.set_result(); });
    co_await thread;
    EXPECT_EQ(get_running_loop().time() - begin, 1s);
  };
  asyncio::run(main());
  EXPECT_EQ(notes, Notes{"woken"});
}

TEST_F(ExecutorTest, LoopInAThreadWithoutTimersIsWokenFromOutside) {
  const auto main = [&]() -> Coro<> {
    EventLoop* inner = nullptr;
    const auto thread = create_task(to_thread([&] {
      const auto loop = new_event_loop();
      inner = loop.get();
      loop->run_forever();
      note("stopped");
      loop->close();
    }));
    co_await sleep(1s);
    inner->call_soon_threadsafe([&] { inner->stop(); });
    co_await thread;
  };
  asyncio::run(main());
  EXPECT_EQ(notes, Notes{"stopped"});
}

TEST_F(ExecutorTest, LoopInAThreadMaySendOutCallsOfItsOwn) {
  const auto inner = [&]() -> Coro<> {
    co_await gather(to_thread([] { block(1s); }), to_thread([] { block(2s); }), sleep(1500ms));
  };
  const auto main = [&]() -> Coro<> {
    const Instant begin = get_running_loop().time();
    co_await gather(to_thread([&] { asyncio::run(inner()); }), sleep(500ms));
    EXPECT_EQ(get_running_loop().time() - begin, 2s);
    note("ended");
  };
  asyncio::run(main());
  EXPECT_EQ(notes, Notes{"ended"});
}

TEST_F(ExecutorTest, DeadlockIsSeenThoughThePoolHasThreads) {
  const auto main = [&]() -> Coro<> {
    co_await to_thread([] {});
    co_await get_running_loop().create_future();
  };
  EXPECT_THROW(asyncio::run(main()), DeadlockError);
}

TEST_F(ExecutorTest, LoopMayEndWhileCallsAreOut) {
  std::atomic<bool> ended{false};
  ThreadPoolExecutor pool;
  {
    const auto other = new_event_loop();
    const auto future = other->run_in_executor(&pool, [&] {
      block(5s);
      ended = true;
    });
    other->turn(0s);
  }
  pool.shutdown();
  EXPECT_TRUE(ended);
}

TEST_F(ExecutorTest, PoolMayEndBeforeItsCallsGotTheirTurn) {
  int ran = 0;
  const auto main = [&]() -> Coro<> {
    std::vector<Future<>> calls;
    {
      ThreadPoolExecutor pool(1);
      for (int call = 0; call < 3; ++call)
        calls.push_back(get_running_loop().run_in_executor(&pool, [&] {
          block(1s);
          ++ran;
        }));
    }
    EXPECT_EQ(ran, 3);
    for (const Future<>& call : calls) co_await call;
  };
  asyncio::run(main());
}

// -- On the real clock ----------------------------------------------------------------------------------------------------

class RealExecutorTest : public ExecutorTest {
 public:
  RealExecutorTest() { program::set_backend("epoll"); }
};

TEST_F(RealExecutorTest, TasksRunWhileACallBlocks) {
  const auto main = [&]() -> Coro<> {
    std::latch go_on(1);
    const Task<> call = create_task(to_thread([&] {
      go_on.wait();
      note("call");
    }));
    co_await sleep(5ms);
    note("loop");
    go_on.count_down();
    co_await call;
  };
  asyncio::run(main());
  EXPECT_EQ(notes, (Notes{"loop", "call"}));
}

TEST_F(RealExecutorTest, ManyCallsFromManyLoops) {
  std::atomic<int> sum{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      const auto main = [&]() -> Coro<> {
        std::vector<Task<int>> tasks;
        for (int call = 0; call < 50; ++call)
          tasks.push_back(create_task(to_thread([] { return 1; })));
        for (const Task<int>& task : tasks) sum += co_await task;
      };
      asyncio::run(main());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum, 200);
}

}  // namespace
}  // namespace asyncio
