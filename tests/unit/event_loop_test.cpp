#include "support/loop_test.hpp"

namespace asyncio {
namespace {

using EventLoopTest = LoopTest;

TEST_F(EventLoopTest, StopLetsTheRestOfTheTurnRun) {
  loop->call_soon([&] {
    note("a");
    loop->stop();
    loop->call_soon([&] { note("scheduled by a"); });
  });
  loop->call_soon([&] { note("b"); });
  loop->run_forever();
  EXPECT_EQ(notes, (Notes{"a", "b"}));
}

TEST_F(EventLoopTest, WhatTheLastTurnScheduledRunsInTheNextRun) {
  loop->call_soon([&] {
    loop->stop();
    loop->call_soon([&] {
      note("left over");
      loop->stop();
    });
  });
  loop->run_forever();
  EXPECT_EQ(notes, Notes{});
  loop->run_forever();
  EXPECT_EQ(notes, Notes{"left over"});
}

TEST_F(EventLoopTest, StopBeforeARunLetsItHaveOneTurn) {
  loop->call_soon([&] {
    note("first turn");
    loop->call_soon([&] { note("second turn"); });
  });
  loop->stop();
  loop->run_forever();
  EXPECT_EQ(notes, Notes{"first turn"});
}

TEST_F(EventLoopTest, StopAppliesToOneRunOnly) {
  loop->stop();
  loop->run_forever();
  const auto main = [&]() -> Coro<> {
    co_await sleep(1s);
    note("slept");
  };
  run(main());
  EXPECT_EQ(notes, Notes{"slept"});
}

TEST_F(EventLoopTest, StopDoesNotWaitForATimer) {
  loop->call_later(1h, [] {});
  loop->call_soon([&] { loop->stop(); });
  loop->run_forever();
  EXPECT_EQ(now(), 0s);
}

TEST_F(EventLoopTest, RunUntilCompleteGivesTheResult) {
  const auto answer = []() -> Coro<int> { co_return 42; };
  EXPECT_EQ(run(answer()), 42);
  const Future<std::string> future = loop->create_future<std::string>();
  loop->call_later(1s, [&] { future.set_result("later"); });
  EXPECT_EQ(loop->run_until_complete(future), "later");
  const Task<int> task = loop->create_task(answer());
  EXPECT_EQ(loop->run_until_complete<int>(task), 42);
  EXPECT_EQ(loop->run_until_complete<int>(task), 42) << "a task that is done";
}

TEST_F(EventLoopTest, RunUntilCompleteThrowsWhatTheCoroutineThrew) {
  const auto fails = []() -> Coro<int> {
    throw std::out_of_range("too far");
    co_return 1;
  };
  EXPECT_EQ(message_of<std::out_of_range>([&] { run(fails()); }), "too far");
  const auto cancelled = []() -> Coro<> {
    current_task()->cancel("enough");
    co_await sleep(1s);
  };
  EXPECT_EQ(message_of<CancelledError>([&] { run(cancelled()); }), "enough");
}

TEST_F(EventLoopTest, RunUntilCompleteOnAStoppedLoopThrows) {
  const auto forever = [&]() -> Coro<> {
    loop->call_soon([&] { loop->stop(); });
    co_await sleep(1h);
  };
  const Task<> task = loop->create_task(forever());
  EXPECT_EQ(message_of<RuntimeError>([&] { loop->run_until_complete<void>(task); }),
            "Event loop stopped before Future completed.");
  EXPECT_FALSE(task.done());
  loop->run_until_complete<void>(task);
  EXPECT_EQ(now(), 1h);
}

TEST_F(EventLoopTest, RunUntilCompleteThatWasStoppedLeavesNoCallbackBehind) {
  const Future<> future = loop->create_future<>();
  loop->call_soon([&] { loop->stop(); });
  EXPECT_THROW(loop->run_until_complete(future), RuntimeError);
  // If the future still stopped the loop, the second callback would not run.
  future.set_result();
  loop->call_soon([&] { loop->call_soon([&] { loop->call_soon([&] { note("third turn"); }); }); });
  loop->call_later(1s, [&] { loop->stop(); });
  loop->run_forever();
  EXPECT_EQ(notes, Notes{"third turn"});
}

TEST_F(EventLoopTest, RunUntilCompleteRefusesAFutureOfAnotherLoop) {
  const auto other = make_loop();
  const Future<> future = other->create_future<>();
  EXPECT_EQ(message_of<std::invalid_argument>([&] { loop->run_until_complete(future); }),
            "The future belongs to a different loop than the one specified as the loop argument");
}

TEST_F(EventLoopTest, RunInARunningLoopThrows) {
  loop->call_soon([&] {
    note(message_of<RuntimeError>([&] { loop->run_forever(); }));
    const auto nothing = []() -> Coro<> { co_return; };
    note(message_of<RuntimeError>([&] { loop->run_until_complete(nothing()); }));
    loop->stop();
  });
  loop->run_forever();
  EXPECT_EQ(notes,
            (Notes{"This event loop is already running", "This event loop is already running"}));
  EXPECT_EQ(messages(), Messages{"warning: coroutine 'lambda' was never awaited"});
}

TEST_F(EventLoopTest, RunOfAnotherLoopInARunningLoopThrows) {
  const auto other = make_loop();
  loop->call_soon([&] {
    note(message_of<RuntimeError>([&] { other->run_forever(); }));
    loop->stop();
  });
  loop->run_forever();
  EXPECT_EQ(notes, Notes{"Cannot run the event loop while another loop is running"});
  EXPECT_FALSE(other->is_running());
}

TEST_F(EventLoopTest, TellsWhetherItRuns) {
  EXPECT_FALSE(loop->is_running());
  loop->call_soon([&] {
    note(loop->is_running() ? "running" : "not running");
    loop->stop();
  });
  loop->run_forever();
  EXPECT_FALSE(loop->is_running());
  EXPECT_EQ(notes, Notes{"running"});
}

TEST_F(EventLoopTest, CloseIsIdempotent) {
  EXPECT_FALSE(loop->is_closed());
  loop->close();
  loop->close();
  EXPECT_TRUE(loop->is_closed());
}

TEST_F(EventLoopTest, CloseOfARunningLoopThrows) {
  loop->call_soon([&] {
    note(message_of<RuntimeError>([&] { loop->close(); }));
    loop->stop();
  });
  loop->run_forever();
  EXPECT_EQ(notes, Notes{"Cannot close a running event loop"});
  EXPECT_FALSE(loop->is_closed());
}

TEST_F(EventLoopTest, ClosedLoopRefusesEverything) {
  loop->close();
  const auto nothing = []() -> Coro<> { co_return; };
  const std::string closed = "Event loop is closed";
  EXPECT_EQ(message_of<RuntimeError>([&] { loop->run_forever(); }), closed);
  EXPECT_EQ(message_of<RuntimeError>([&] { loop->turn(); }), closed);
  EXPECT_EQ(message_of<RuntimeError>([&] { loop->run_until_complete(nothing()); }), closed);
  EXPECT_EQ(message_of<RuntimeError>([&] { loop->create_task(nothing()); }), closed);
  EXPECT_EQ(messages(), (Messages{"warning: coroutine 'lambda' was never awaited",
                                  "warning: coroutine 'lambda' was never awaited"}));
}

TEST_F(EventLoopTest, CloseDropsWhatIsScheduled) {
  const auto held = std::make_shared<int>();
  loop->call_soon([held] {});
  loop->call_later(1s, [held] {});
  EXPECT_EQ(held.use_count(), 3);
  loop->close();
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(EventLoopTest, LoopCanBeDestroyedWithWorkPendingThatSchedulesMore) {
  const auto waits = [&](Future<> future) -> Coro<> {
    struct AtEnd {
      EventLoopTest* test;
      ~AtEnd() { test->note("frame destroyed"); }
    } at_end{this};
    co_await future;
  };
  const Task<> task = loop->create_task(waits(loop->create_future<>()));
  turns(1);
  loop.reset();
  EXPECT_EQ(notes, Notes{"frame destroyed"});
  EXPECT_FALSE(task.done());
  EXPECT_EQ(message_of<RuntimeError>([&] { static_cast<void>(task.get_loop()); }),
            "Event loop is closed");
}

TEST_F(EventLoopTest, DestructorsOfFramesMayEndFuturesAndTasksOfTheDyingLoop) {
  const Future<int> released = loop->create_future<int>();
  const auto waits_for = [](auto future) -> Coro<> { co_await future; };
  const auto releases = [&]() -> Coro<> {
    struct Release {
      Future<int> future;
      Task<> other;
      ~Release() {
        other.cancel();
        future.set_result(1);
      }
    } release{released, create_task(waits_for(get_running_loop().create_future()))};
    co_await sleep(1h);
  };
  loop->create_task(releases());
  loop->create_task(waits_for(released));
  turns(2);
  loop.reset();
  EXPECT_TRUE(released.done());
  EXPECT_EQ(released.result(), 1);
}

TEST_F(EventLoopTest, ExceptionOutOfARunLeavesTheLoopUsable) {
  const auto stuck = [&]() -> Coro<> { co_await loop->create_future<>(); };
  EXPECT_THROW(run(stuck()), DeadlockError);
  EXPECT_FALSE(loop->is_running());
  const auto answer = []() -> Coro<int> { co_return 42; };
  EXPECT_EQ(run(answer()), 42);
}

TEST_F(EventLoopTest, TurnsAreCounted) {
  EXPECT_EQ(loop->turns(), 0U);
  turns(3);
  EXPECT_EQ(loop->turns(), 3U);
}

TEST_F(EventLoopTest, TurnWaitsNoLongerThanItMay) {
  loop->call_later(10s, [&] { note("timer"); });
  loop->turn(4s);
  EXPECT_EQ(now(), 4s);
  loop->turn(100s);
  EXPECT_EQ(now(), 10s);
  EXPECT_EQ(notes, Notes{"timer"});
}

TEST_F(EventLoopTest, RunningLoopIsThisThreadsOnly) {
  EXPECT_EQ(message_of<RuntimeError>([] { get_running_loop(); }), "no running event loop");
  loop->call_soon([&] {
    std::thread([&] { note(running_loop() ? "a loop" : "none"); }).join();
    loop->stop();
  });
  loop->run_forever();
  EXPECT_EQ(notes, Notes{"none"});
}

TEST_F(EventLoopTest, CurrentLoopIsTheRunningOneOrTheOneThatWasSet) {
  const std::string none = "There is no current event loop in this thread.";
  EXPECT_EQ(message_of<RuntimeError>([] { get_event_loop(); }), none);
  const auto other = make_loop();
  set_event_loop(other.get());
  EXPECT_EQ(&get_event_loop(), other.get());
  loop->call_soon([&] { note(&get_event_loop() == loop.get() ? "running" : "set"); });
  turns(1);
  EXPECT_EQ(notes, Notes{"running"});
  set_event_loop(nullptr);
  EXPECT_EQ(message_of<RuntimeError>([] { get_event_loop(); }), none);
}

TEST_F(EventLoopTest, CurrentLoopIsUnsetWhenItIsDestroyed) {
  {
    const auto other = make_loop();
    set_event_loop(other.get());
  }
  EXPECT_THROW(get_event_loop(), RuntimeError);
}

TEST_F(EventLoopTest, LoopsHaveNumbersOfTheirOwn) {
  const auto other = make_loop();
  EXPECT_NE(loop->id(), other->id());
  EXPECT_NE(loop->id(), 0U);
}

TEST_F(EventLoopTest, NameOfItsBackend) { EXPECT_EQ(loop->backend_name(), "virtual"); }

TEST_F(EventLoopTest, TurnInACallbackIsRefused) {
  loop->call_soon([&] { note(message_of<RuntimeError>([&] { loop->turn(); })); });
  turns(1);
  EXPECT_EQ(notes, Notes{"This event loop is already running"});
}

}  // namespace
}  // namespace asyncio
