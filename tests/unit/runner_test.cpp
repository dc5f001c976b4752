#include <csignal>

#include <asyncio/log.hpp>

#include "program/settings.hpp"
#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class RunnerTest : public LoopTest {
 public:
  RunnerTest() { program::set_backend("virtual"); }
  ~RunnerTest() override {
    program::set_backend("");
    std::signal(SIGINT, before_);
  }

  static Coro<int> answer(int value) {
    co_await sleep(0s);
    co_return value;
  }

 private:
  // A shell that runs the tests in the background has it ignored.
  void (*before_)(int) = std::signal(SIGINT, SIG_DFL);
};

TEST_F(RunnerTest, RunsOneCoroutineAfterAnotherInOneLoop) {
  Runner runner;
  EventLoop& its = runner.get_loop();
  const auto where = []() -> Coro<EventLoop*> { co_return running_loop(); };
  EXPECT_EQ(runner.run(answer(1)), 1);
  EXPECT_EQ(runner.run(answer(2)), 2);
  EXPECT_EQ(runner.run(where()), &its);
}

TEST_F(RunnerTest, MakesItsLoopWhenItIsFirstNeeded) {
  int made = 0;
  {
    Runner unused({}, [&] {
      ++made;
      return make_loop();
    });
  }
  EXPECT_EQ(made, 0);
  Runner runner({}, [&] {
    ++made;
    return make_loop();
  });
  EXPECT_EQ(runner.run(answer(1)), 1);
  EXPECT_EQ(runner.run(answer(2)), 2);
  EXPECT_EQ(made, 1);
}

TEST_F(RunnerTest, TasksGoOnInTheNextRun) {
  const auto ticks = [&]() -> Coro<> {
    for (int tick = 1;; ++tick) {
      co_await sleep(1s);
      note("tick " + std::to_string(tick));
    }
  };
  const auto starts = [&]() -> Coro<> {
    create_task(ticks());
    co_await sleep(1500ms);
  };
  Runner runner;
  runner.run(starts());
  note("between");
  runner.run(sleep(1s));
  EXPECT_EQ(notes, (Notes{"tick 1", "between", "tick 2"}));
}

// -- The context of its runs ----------------------------------------------------------------------------------------------

class RunnerContextTest : public RunnerTest {
 public:
  // Tells what the variable was, and sets it.
  Coro<std::string> change(std::string value) {
    co_await sleep(0s);
    std::string before = variable.get("unset");
    variable.set(std::move(value));
    co_await sleep(0s);
    co_return before;
  }
  Coro<> set_and_fail() {
    variable.set("set by what failed");
    throw std::runtime_error("spam");
    co_return;
  }

  ContextVar<std::string> variable{"variable"};
};

TEST_F(RunnerContextTest, IsKeptFromRunToRun) {
  Runner runner;
  EXPECT_EQ(runner.run(change("one")), "unset");
  EXPECT_EQ(runner.run(change("two")), "one");
  EXPECT_THROW(runner.run(set_and_fail()), std::runtime_error);
  EXPECT_EQ(runner.run(change("three")), "set by what failed");
  EXPECT_EQ(variable.get("unset"), "unset");
}

TEST_F(RunnerContextTest, IsACopyOfThatInWhichTheLoopWasMade) {
  const Context around;
  Runner runner;
  around.run([&] {
    variable.set("before");
    runner.get_loop();
    variable.set("after");
    EXPECT_EQ(runner.run(change("in the run")), "before");
    EXPECT_EQ(variable.get(), "after");
  });
  EXPECT_EQ(runner.run(change("")), "in the run");
}

TEST_F(RunnerContextTest, KnowsNothingOfWhatIsSetAroundALaterRun) {
  Runner runner;
  runner.get_loop();
  Context().run([&] {
    variable.set("around");
    EXPECT_EQ(runner.run(change("in the run")), "unset");
  });
  EXPECT_EQ(runner.run(change("")), "in the run");
}

TEST_F(RunnerContextTest, CanBeGivenForOneRun) {
  const Context given;
  Runner runner;
  EXPECT_EQ(runner.run(change("kept")), "unset");
  EXPECT_EQ(runner.run(change("in the given one"), given), "unset");
  EXPECT_EQ(given.get(variable), "in the given one");
  EXPECT_EQ(runner.run(change("")), "kept");
}

TEST_F(RunnerContextTest, OfARunIsThatOfItsTask) {
  const auto asks = [&]() -> Coro<> {
    variable.set("mine");
    const Context mine = current_task()->get_context();
    note(*mine.get(variable));
    co_return;
  };
  Runner runner;
  runner.run(asks());
  EXPECT_EQ(runner.run(change("")), "mine");
  EXPECT_EQ(notes, Notes{"mine"});
}

TEST_F(RunnerTest, ThrowsTheExceptionAndGoesOn) {
  const auto fails = []() -> Coro<> {
    throw std::runtime_error("spam");
    co_return;
  };
  Runner runner;
  EXPECT_EQ(message_of<std::runtime_error>([&] { runner.run(fails()); }), "spam");
  EXPECT_EQ(runner.run(answer(3)), 3);
}

TEST_F(RunnerTest, DebugModeIsSetOnTheLoopWhenAsked) {
  EXPECT_FALSE(Runner(false).get_loop().get_debug());
  Runner debugging(true);
  EXPECT_TRUE(debugging.get_loop().get_debug());
}

TEST_F(RunnerTest, CloseCancelsWhatIsLeftAndClosesTheLoop) {
  const auto left = [&]() -> Coro<> {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
      note("cancelled");
    }
  };
  const auto starts = [&]() -> Coro<> {
    create_task(left());
    co_await sleep(0s);
  };
  Runner runner;
  EventLoop& its = runner.get_loop();
  runner.run(starts());
  EXPECT_EQ(notes, Notes{});
  runner.close();
  EXPECT_EQ(notes, Notes{"cancelled"});
  EXPECT_TRUE(its.is_closed());
  runner.close();
  EXPECT_EQ(message_of<RuntimeError>([&] { runner.get_loop(); }), "Runner is closed");
  EXPECT_EQ(message_of<RuntimeError>([&] { runner.run(answer(1)); }), "Runner is closed");
  messages();  // answer() was never awaited
}

TEST_F(RunnerTest, OneThatWasNeverUsedCanBeClosed) {
  Runner runner;
  runner.close();
  EXPECT_EQ(message_of<RuntimeError>([&] { runner.get_loop(); }), "Runner is closed");
}

TEST_F(RunnerTest, ItsLoopIsThisThreadsCurrentOneUntilItCloses) {
  Runner runner;
  EventLoop& its = runner.get_loop();
  EXPECT_EQ(&get_event_loop(), &its);
  runner.close();
  EXPECT_THROW(get_event_loop(), RuntimeError);
}

TEST_F(RunnerTest, LoopOfAFactoryIsNotMadeTheCurrentOne) {
  Runner runner({}, [] { return make_loop(); });
  runner.run(answer(1));
  EXPECT_THROW(get_event_loop(), RuntimeError);
}

TEST_F(RunnerTest, RunWithinARunningLoopThrows) {
  Runner runner;
  const auto nested = [&]() -> Coro<> {
    note(message_of<RuntimeError>([&] { runner.run(answer(1)); }));
    co_return;
  };
  runner.run(nested());
  EXPECT_EQ(notes, Notes{"Runner.run() cannot be called from a running event loop"});
  EXPECT_EQ(messages(), Messages{"warning: coroutine 'answer' was never awaited"});
}

TEST_F(RunnerTest, RunTakesALoopFactoryToo) {
  EventLoop* made = nullptr;
  const auto where = []() -> Coro<EventLoop*> { co_return running_loop(); };
  EventLoop* const ran_in = asyncio::run(where(), {}, [&] {
    auto fresh = make_loop();
    made = fresh.get();
    return fresh;
  });
  EXPECT_EQ(ran_in, made);
}

TEST_F(RunnerTest, FactoryThatMakesNothingIsAnError) {
  Runner runner({}, [] { return std::unique_ptr<EventLoop>(); });
  EXPECT_EQ(message_of<RuntimeError>([&] { runner.get_loop(); }), "the loop factory made no loop");
}

TEST_F(RunnerTest, WhatClosingThrowsIsLoggedByTheDestructor) {
  const auto stuck = []() -> Coro<> {
    const Future<> never = get_running_loop().create_future();
    for (;;) {
      try {
        co_await sleep(1h);
      } catch (const CancelledError&) {
        break;
      }
    }
    co_await never;
  };
  const auto starts = [&]() -> Coro<> {
    create_task(stuck(), "stuck");
    co_await sleep(0s);
  };
  {
    Runner runner;
    runner.run(starts());
  }
  const Messages said = messages();
  ASSERT_GE(said.size(), 1U);
  EXPECT_TRUE(said[0].starts_with("error: Exception while a Runner closed | DeadlockError: "))
      << said[0];
}

// -- Ctrl-C -------------------------------------------------------------------------------------------------------------

TEST_F(RunnerTest, InterruptCancelsTheMainTaskAndIsThrown) {
  const auto main = [&]() -> Coro<> {
    get_running_loop().call_later(1s, [] { raise(SIGINT); });
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
      note("cancelled after " + std::to_string(get_running_loop().time() >= Instant(1s)));
      throw;
    }
  };
  EXPECT_THROW(asyncio::run(main()), KeyboardInterrupt);
  EXPECT_EQ(notes, Notes{"cancelled after 1"});
}

TEST_F(RunnerTest, InterruptWhileTheTaskOnlyYieldsCancelsItToo) {
  const auto main = [&]() -> Coro<> {
    raise(SIGINT);
    for (;;) co_await sleep(0s);
  };
  EXPECT_THROW(asyncio::run(main()), KeyboardInterrupt);
}

TEST_F(RunnerTest, TaskThatRefusesTheInterruptGivesItsResult) {
  const auto main = [&]() -> Coro<int> {
    raise(SIGINT);
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
    }
    co_return 5;
  };
  EXPECT_EQ(asyncio::run(main()), 5);
}

TEST_F(RunnerTest, InterruptOfATaskThatWasCancelledAnywayIsACancelledError) {
  const auto cancels = [](AnyTask task) -> Coro<> {
    co_await sleep(0s);
    task.cancel();
    raise(SIGINT);
  };
  const auto main = [&]() -> Coro<> {
    create_task(cancels(*current_task()));
    co_await sleep(10s);
  };
  EXPECT_THROW(asyncio::run(main()), CancelledError);
}

TEST_F(RunnerTest, InterruptDoesAfterwardsWhatItDidBefore) {
  asyncio::run(sleep(0s));
  struct sigaction now{};
  sigaction(SIGINT, nullptr, &now);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
}

TEST_F(RunnerTest, ProgramsOwnHandlerIsLeftAlone) {
  static volatile std::sig_atomic_t seen;
  seen = 0;
  std::signal(SIGINT, [](int) { seen = 1; });
  const auto main = []() -> Coro<int> {
    raise(SIGINT);
    co_return co_await sleep(1s, 7);
  };
  EXPECT_EQ(asyncio::run(main()), 7);
  EXPECT_EQ(seen, 1);
  std::signal(SIGINT, SIG_DFL);
}

TEST_F(RunnerTest, HandlerThatTheProgramSetsWhileItRunsStaysTheLoops) {
  const auto sets_one = [&]() -> Coro<> {
    get_running_loop().add_signal_handler(SIGINT, [&] { note("handled"); });
    co_return;
  };
  {
    Runner runner;
    runner.run(sets_one());
    raise(SIGINT);
    runner.run(sleep(1s));
  }
  EXPECT_EQ(notes, Notes{"handled"});
  struct sigaction now{};
  sigaction(SIGINT, nullptr, &now);
  EXPECT_EQ(now.sa_handler, SIG_DFL) << "the loop is closed";
}

using RunnerDeathTest = RunnerTest;

TEST_F(RunnerDeathTest, InterruptThatNobodyCatchesEndsTheProgramAsSigintDoes) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto interrupted = []() noexcept {
    const auto main = []() -> Coro<> {
      raise(SIGINT);
      co_await sleep(1h);
    };
    asyncio::run(main());
  };
  EXPECT_EXIT(interrupted(), ::testing::KilledBySignal(SIGINT), "");
}

TEST_F(RunnerDeathTest, SecondInterruptEndsTheProgramAtOnce) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto stubborn = [] {
    const auto main = []() -> Coro<> {
      for (int time = 0; time < 10; ++time) {
        raise(SIGINT);
        try {
          co_await sleep(1s);
        } catch (const CancelledError&) {
        }
      }
    };
    asyncio::run(main());
  };
  EXPECT_EXIT(stubborn(), ::testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace asyncio
