#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class TaskCancelTest : public LoopTest {
 public:
  // Notes the message of the CancelledError it gets while it waits for `future`, and throws it on.
  template <class T>
  Coro<> waits(Future<T> future) {
    try {
      co_await future;
      note("result");
    } catch (const CancelledError& error) {
      note(std::string("cancelled: ") + error.what());
      throw;
    }
  }
  Coro<> swallows(Future<> future) {
    try {
      co_await future;
    } catch (const CancelledError&) {
      note("swallowed");
    }
    co_await sleep(1s);
    note("went on");
  }
  Future<> future() const { return loop->create_future(); }
};

TEST_F(TaskCancelTest, BeforeItsStartTheBodyNeverRuns) {
  const auto held = std::make_shared<int>();
  const auto body = [&](std::shared_ptr<int>) -> Coro<> {
    note("ran");
    co_return;
  };
  const Task<> task = loop->create_task(body(held));
  EXPECT_TRUE(task.cancel("why"));
  EXPECT_FALSE(task.done()) << "it is cancelled in its turn";
  turns(1);
  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(message_of<CancelledError>([&] { task.result(); }), "why");
  EXPECT_EQ(notes, Notes{});
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(TaskCancelTest, WhileItWaitsCancelledErrorIsThrownAtItsAwait) {
  const Future<> awaited = future();
  const Task<> task = loop->create_task(waits(awaited));
  turns(1);
  EXPECT_TRUE(task.cancel("why"));
  EXPECT_TRUE(awaited.cancelled()) << "what it waits for is cancelled too";
  EXPECT_FALSE(task.done());
  turns(1);
  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(notes, Notes{"cancelled: why"});
}

TEST_F(TaskCancelTest, WhileItsWakeUpIsPendingTheResultIsLost) {
  const Future<> awaited = future();
  const Task<> task = loop->create_task(waits(awaited));
  turns(1);
  awaited.set_result();
  EXPECT_TRUE(task.cancel("too late"));
  EXPECT_FALSE(awaited.cancelled());
  turns(1);
  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(notes, Notes{"cancelled: too late"});
}

TEST_F(TaskCancelTest, WhileItsWakeUpIsPendingAnExceptionIsLostButNotReported) {
  Future<> awaited = future();
  const Task<> task = loop->create_task(waits(awaited));
  turns(1);
  awaited.set_exception(std::runtime_error("boom"));
  task.cancel("instead");
  awaited = {};
  turns(1);
  EXPECT_EQ(notes, Notes{"cancelled: instead"});
}

TEST_F(TaskCancelTest, WhileItWaitsForSomethingCancelledTheFirstMessageStays) {
  const Future<> awaited = future();
  const Task<> task = loop->create_task(waits(awaited));
  turns(1);
  awaited.cancel("the future's");
  task.cancel("the task's");
  turns(1);
  EXPECT_EQ(notes, Notes{"cancelled: the future's"});
}

TEST_F(TaskCancelTest, OfWhatItWaitsForIsNoRequestToTheTask) {
  const Future<> awaited = future();
  const Task<> task = loop->create_task(swallows(awaited));
  turns(1);
  EXPECT_TRUE(awaited.cancel());
  EXPECT_EQ(task.cancelling(), 0U);
  turns(1);
  EXPECT_FALSE(task.done());
  time->advance(1s);
  turns(2);
  EXPECT_EQ(notes, (Notes{"swallowed", "went on"}));
  EXPECT_FALSE(task.cancelled());
}

TEST_F(TaskCancelTest, WhileItWaitsForItsNextTurn) {
  const auto yields = [&]() -> Coro<> {
    for (;;) {
      note("step");
      co_await sleep(0s);
    }
  };
  const Task<> task = loop->create_task(yields());
  turns(2);
  task.cancel();
  turns(1);
  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(notes, (Notes{"step", "step"}));
}

TEST_F(TaskCancelTest, WhenItIsDoneDoesNothing) {
  const auto nothing = []() -> Coro<> { co_return; };
  const Task<> task = loop->create_task(nothing());
  turns(1);
  EXPECT_FALSE(task.cancel());
  EXPECT_FALSE(task.cancelled());
  EXPECT_EQ(task.cancelling(), 0U);
}

TEST_F(TaskCancelTest, TwiceInOneTurnThrowsOnce) {
  const Task<> task = loop->create_task(swallows(future()));
  turns(1);
  EXPECT_TRUE(task.cancel());
  EXPECT_TRUE(task.cancel());
  EXPECT_EQ(task.cancelling(), 2U);
  loop->run_until_complete<void>(task);
  EXPECT_EQ(notes, (Notes{"swallowed", "went on"}));
}

TEST_F(TaskCancelTest, TwiceInDifferentTurnsThrowsTwice) {
  const Task<> task = loop->create_task(swallows(future()));
  turns(1);
  task.cancel();
  turns(1);
  task.cancel();
  turns(2);
  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(notes, Notes{"swallowed"});
}

TEST_F(TaskCancelTest, SwallowedCancellationLeavesTheTaskRunning) {
  const Task<> task = loop->create_task(swallows(future()));
  turns(1);
  task.cancel();
  turns(1);
  EXPECT_FALSE(task.done());
  EXPECT_EQ(task.cancelling(), 1U);
  EXPECT_EQ(task.uncancel(), 0U);
  EXPECT_EQ(task.uncancel(), 0U) << "not below zero";
  loop->run_until_complete<void>(task);
  EXPECT_FALSE(task.cancelled());
  EXPECT_EQ(notes, (Notes{"swallowed", "went on"}));
}

TEST_F(TaskCancelTest, UncancelTakesBackARequestThatWasNotDelivered) {
  const auto body = [&]() -> Coro<> {
    note("ran");
    co_return;
  };
  const Task<> task = loop->create_task(body());
  task.cancel();
  task.cancel();
  EXPECT_EQ(task.uncancel(), 1U);
  EXPECT_EQ(task.uncancel(), 0U);
  turns(1);
  EXPECT_FALSE(task.cancelled());
  EXPECT_EQ(notes, Notes{"ran"});
}

TEST_F(TaskCancelTest, UncancelOfOneOfTwoRequestsLeavesItCancelled) {
  const auto body = []() -> Coro<> { co_return; };
  const Task<> task = loop->create_task(body());
  task.cancel();
  task.cancel();
  task.uncancel();
  turns(1);
  EXPECT_TRUE(task.cancelled());
}

TEST_F(TaskCancelTest, ItselfIsThrownAtItsNextWait) {
  const auto body = [&]() -> Coro<> {
    current_task()->cancel("by itself");
    note("goes on until it waits");
    co_await waits(future());
  };
  const Task<> task = loop->create_task(body());
  turns(2);
  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(notes, (Notes{"goes on until it waits", "cancelled: by itself"}));
}

TEST_F(TaskCancelTest, ItselfIsNotThrownByAnAwaitThatDoesNotWait) {
  const Future<> done = future();
  done.set_result();
  const auto body = [&]() -> Coro<> {
    current_task()->cancel();
    co_await done;
    note("awaited what is done");
    co_await sleep(0s);
    note("never");
  };
  const Task<> task = loop->create_task(body());
  turns(2);
  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(notes, Notes{"awaited what is done"});
}

TEST_F(TaskCancelTest, ItselfBeforeItAwaitsATaskThatRefusesIsSpentOnThatTask) {
  const auto refuses = [&]() -> Coro<int> {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
      note("refused");
    }
    co_return 5;
  };
  const auto main = [&]() -> Coro<> {
    const Task<int> other = create_task(refuses());
    co_await sleep(0s);
    current_task()->cancel();
    note("got " + std::to_string(co_await other));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"refused", "got 5"}));
}

TEST_F(TaskCancelTest, ItselfRightBeforeItReturnsCancelsItAllTheSame) {
  const auto body = []() -> Coro<int> {
    current_task()->cancel("last words");
    co_return 42;
  };
  const Task<int> task = loop->create_task(body());
  turns(1);
  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(message_of<CancelledError>([&] { task.result(); }), "last words");
}

TEST_F(TaskCancelTest, ItselfRightBeforeItThrowsLeavesTheException) {
  const auto body = []() -> Coro<> {
    current_task()->cancel();
    throw std::runtime_error("boom");
    co_return;
  };
  const Task<> task = loop->create_task(body());
  turns(1);
  EXPECT_FALSE(task.cancelled());
  EXPECT_EQ(describe(task.exception()), "std::runtime_error: boom");
}

TEST_F(TaskCancelTest, ExceptionOfTheCleanUpReplacesTheCancellation) {
  const auto body = [&]() -> Coro<> {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
      throw std::logic_error("while cleaning up");
    }
  };
  const Task<> task = loop->create_task(body());
  turns(1);
  task.cancel();
  turns(1);
  EXPECT_FALSE(task.cancelled());
  EXPECT_EQ(describe(task.exception()), "std::logic_error: while cleaning up");
}

TEST_F(TaskCancelTest, ThrowingCancelledErrorUnaskedCancelsTheTask) {
  const auto body = []() -> Coro<> {
    throw CancelledError("unasked");
    co_return;
  };
  const Task<> task = loop->create_task(body());
  turns(1);
  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(message_of<CancelledError>([&] { task.result(); }), "unasked");
  EXPECT_EQ(task.cancelling(), 0U);
}

TEST_F(TaskCancelTest, CancelledErrorIsNoStdException) {
  const auto body = [&]() -> Coro<> {
    try {
      co_await sleep(1h);
    } catch (const std::exception&) {
      note("caught");
    }
  };
  const Task<> task = loop->create_task(body());
  turns(1);
  task.cancel();
  turns(1);
  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(notes, Notes{});
}

TEST_F(TaskCancelTest, UnwindsNestedCoroutinesFromTheInnermost) {
  struct Scope {
    TaskCancelTest* test;
    const char* name;
    ~Scope() { test->note(name); }
  };
  const auto inner = [&]() -> Coro<> {
    const Scope scope{this, "inner"};
    co_await sleep(1h);
  };
  const auto outer = [&]() -> Coro<> {
    const Scope scope{this, "outer"};
    co_await inner();
    note("never");
  };
  const Task<> task = loop->create_task(outer());
  turns(1);
  task.cancel();
  turns(1);
  EXPECT_EQ(notes, (Notes{"inner", "outer"}));
}

TEST_F(TaskCancelTest, OfOneThatAwaitsATaskCancelsThatTaskFirst) {
  const Task<> inner = loop->create_task(waits(future()));
  const Task<> outer = loop->create_task(waits<void>(inner));
  turns(1);
  outer.cancel("from outside");
  EXPECT_EQ(inner.cancelling(), 1U);
  turns(1);
  EXPECT_TRUE(inner.cancelled());
  EXPECT_FALSE(outer.done());
  turns(1);
  EXPECT_TRUE(outer.cancelled());
  EXPECT_EQ(notes, (Notes{"cancelled: from outside", "cancelled: from outside"}));
}

TEST_F(TaskCancelTest, ThatTheAwaitedTaskSwallowsLetsBothGoOn) {
  const Task<> inner = loop->create_task(swallows(future()));
  const Task<> outer = loop->create_task(waits<void>(inner));
  turns(1);
  outer.cancel();
  loop->run_until_complete<void>(outer);
  EXPECT_FALSE(outer.cancelled());
  EXPECT_EQ(notes, (Notes{"swallowed", "went on", "result"}));
}

TEST_F(TaskCancelTest, OfAnAwaitedTaskReachesWhoAwaitsIt) {
  const Task<> inner = loop->create_task(waits(future()));
  const Task<> outer = loop->create_task(waits<void>(inner));
  turns(1);
  inner.cancel("inner only");
  turns(2);
  EXPECT_TRUE(outer.cancelled());
  EXPECT_EQ(outer.cancelling(), 0U);
}

TEST_F(TaskCancelTest, BetweenAnAwaitThatIsDoneAndTheNextIsNotLost) {
  // Cancelled by a callback in the same turn before its step.
  const auto body = [&]() -> Coro<> {
    co_await sleep(0s);
    note("first");
    co_await sleep(1h);
  };
  const Task<> task = loop->create_task(body());
  loop->call_soon([&] { loop->call_soon([&] { note("callback"); }); });
  turns(2);
  EXPECT_EQ(notes, (Notes{"first", "callback"}));
  task.cancel();
  turns(1);
  EXPECT_TRUE(task.cancelled());
}

TEST_F(TaskCancelTest, RacingWithTheTimerOfASleepCancels) {
  // The timer ends the sleep in the turn in which the task is cancelled, in both orders.
  for (const bool cancel_first : {false, true}) {
    const auto body = []() -> Coro<> { co_await sleep(1s); };
    Task<> task;
    const auto cancel_at = [&](Instant when) { loop->call_at(when, [&] { task.cancel(); }); };
    const Instant when = loop->time() + 1s;
    if (cancel_first) cancel_at(when);
    task = loop->create_task(body());
    turns(1);
    if (!cancel_first) cancel_at(when);
    EXPECT_THROW(loop->run_until_complete<void>(task), CancelledError);
    EXPECT_TRUE(task.cancelled());
    EXPECT_EQ(loop->time(), when);
  }
}

TEST_F(TaskCancelTest, WhatIsReachedInMoreWaysThanCanBeWalkedIsCancelledAllTheSame) {
  // Two tasks wait for a gather of two tasks, which wait for a gather of two ...: 2^60 ways down.
  using Pair = Future<std::tuple<int, int>>;
  const auto waits = [](Pair pair) -> Coro<int> {
    const auto [first, second] = co_await pair;
    co_return first + second;
  };
  const auto sleeps = []() -> Coro<int> {
    co_await sleep(10s);
    co_return 1;
  };
  Task<int> first = loop->create_task(sleeps());
  Task<int> second = loop->create_task(sleeps());
  const Task<int> lowest = first;
  for (int layer = 0; layer < 60; ++layer) {
    const Pair both = gather(first, second);
    first = loop->create_task(waits(both));
    second = loop->create_task(waits(both));
  }
  turns(100);
  EXPECT_TRUE(first.cancel("all"));
  turns(300);
  EXPECT_TRUE(lowest.cancelled());
  EXPECT_TRUE(first.cancelled());
  EXPECT_TRUE(second.cancelled());
}

}  // namespace
}  // namespace asyncio
