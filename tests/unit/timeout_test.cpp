#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class TimeoutTest : public LoopTest {
 public:
  Coro<int> after(Duration delay, int value) {
    co_await sleep(delay);
    co_return value;
  }
  Coro<> refuses(Duration delay) {
    try {
      co_await sleep(delay);
    } catch (const CancelledError&) {
      note("swallowed");
    }
  }
  // What comes out of it, and when.
  template <class T>
  Coro<> attempt(Coro<T> coro) {
    try {
      co_await coro;
      note("result");
    } catch (...) {
      note(describe(std::current_exception()));
    }
    note(std::to_string(now() / 1ms) + " ms");
  }
};

TEST_F(TimeoutTest, GivesTheResultOfACoroutineInTime) {
  const auto main = [&]() -> Coro<int> { co_return co_await timeout(2s, after(1s, 7)); };
  EXPECT_EQ(run(main()), 7);
  EXPECT_EQ(now(), 1s);
}

TEST_F(TimeoutTest, ThrowsTimeoutErrorAndCancelsTheBlock) {
  const auto main = [&]() -> Coro<> {
    try {
      co_await timeout(1s, after(1h, 7));
    } catch (const TimeoutError& error) {
      note(std::string("TimeoutError") + error.what());
      EXPECT_TRUE(detail::is_cancellation(error.cause()));
    }
    EXPECT_EQ(current_task()->cancelling(), 0U) << "the request is taken back";
  };
  run(main());
  EXPECT_EQ(notes, Notes{"TimeoutError"});
  EXPECT_EQ(now(), 1s);
}

TEST_F(TimeoutTest, TheBlockRunsInTheSameTaskAndCostsNoTurn) {
  const auto main = [&]() -> Coro<std::uint64_t> {
    const std::uint64_t before = loop->turns();
    const AnyTask self = *current_task();
    co_await timeout(1s, [&]() -> Coro<> {
      EXPECT_EQ(current_task(), self);
      co_return;
    });
    co_return loop->turns() - before;
  };
  EXPECT_EQ(run(main()), 0U);
}

TEST_F(TimeoutTest, TakesTasksFuturesAndCallables) {
  const auto main = [&]() -> Coro<> {
    EXPECT_EQ(co_await timeout(2s, create_task(after(1s, 1))), 1);
    const Future<int> future = loop->create_future<int>();
    future.set_result(2);
    EXPECT_EQ(co_await timeout(2s, future), 2);
    EXPECT_EQ(co_await timeout(2s, [&] { return after(1s, 3); }), 3);
    const auto body = [&](Timeout& limit) -> Coro<int> {
      EXPECT_EQ(limit.when(), loop->time() + 2s);
      return after(1s, 4);
    };
    EXPECT_EQ(co_await timeout(2s, body), 4);
  };
  run(main());
}

TEST_F(TimeoutTest, KeepsTheCallableUntilItsCoroutineIsDone) {
  const auto main = [&]() -> Coro<> {
    auto body = [value = std::make_unique<int>(5), this]() -> Coro<> {
      co_await sleep(1s);
      note(std::to_string(*value));
    };
    auto guarded = timeout(2s, moved(std::move(body)));
    co_await guarded;
  };
  run(main());
  EXPECT_EQ(notes, Notes{"5"});
}

TEST_F(TimeoutTest, CancelsATaskThatTheBlockAwaits) {
  const auto main = [&]() -> Coro<> {
    const Task<int> task = create_task(after(1h, 1));
    EXPECT_THROW(co_await timeout(1s, task), TimeoutError);
    EXPECT_TRUE(task.cancelled());
  };
  run(main());
}

TEST_F(TimeoutTest, NoneMeansNoDeadline) {
  const auto main = [&]() -> Coro<> {
    EXPECT_EQ(co_await timeout(std::nullopt, after(1000h, 1)), 1);
    EXPECT_EQ(co_await timeout_at(std::nullopt, after(1000h, 2)), 2);
  };
  run(main());
}

TEST_F(TimeoutTest, OfZeroOrLessComesInTheNextTurn) {
  const auto counts = [&](Duration delay) -> Coro<> {
    const std::uint64_t before = loop->turns();
    EXPECT_THROW(co_await timeout(delay, sleep(10s)), TimeoutError);
    note(std::to_string(loop->turns() - before));
  };
  const auto main = [&]() -> Coro<> {
    co_await counts(0s);
    co_await counts(-1s);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"2", "2"})) << "the callback's turn, and the turn of the wake-up";
  EXPECT_EQ(now(), 0s);
}

TEST_F(TimeoutTest, OfZeroLetsNoBlockThroughThatWaitsForATurn) {
  const auto main = [&]() -> Coro<> { co_await attempt(timeout(0s, sleep(0s))); };
  run(main());
  EXPECT_EQ(notes, (Notes{"TimeoutError", "0 ms"}));
}

TEST_F(TimeoutTest, AtAnAbsoluteTime) {
  const auto main = [&]() -> Coro<> {
    co_await sleep(1s);
    co_await attempt(timeout_at(loop->time() + 2s, sleep(10s)));
    co_await attempt(timeout_at(loop->time() - 2s, sleep(10s)));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"TimeoutError", "3000 ms", "TimeoutError", "3000 ms"}));
}

TEST_F(TimeoutTest, BlockThatSwallowsTheCancellationEndsAsIfNothingHadBeen) {
  const auto main = [&]() -> Coro<> {
    Timeout limit = timeout(1s);
    co_await limit.with(refuses(10s));
    EXPECT_TRUE(limit.expired());
    EXPECT_EQ(current_task()->cancelling(), 0U);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"swallowed"});
}

TEST_F(TimeoutTest, OtherExceptionsPassAsTheyAre) {
  const auto fails = [](Duration delay) -> Coro<> {
    try {
      co_await sleep(delay);
    } catch (const CancelledError&) {
    }
    throw std::runtime_error("own");
  };
  const auto main = [&]() -> Coro<> {
    co_await attempt(timeout(1s, fails(0s)));
    co_await attempt(timeout(1s, fails(10s)));
  };
  run(main());
  EXPECT_EQ(notes,
            (Notes{"std::runtime_error: own", "0 ms", "std::runtime_error: own", "1000 ms"}));
}

TEST_F(TimeoutTest, CancellationFromOutsideStaysOne) {
  const auto main = [&]() -> Coro<> { co_await timeout(2s, sleep(10s)); };
  const Task<> task = loop->create_task(main());
  loop->call_later(1s, [&] { task.cancel("outside"); });
  EXPECT_EQ(message_of<CancelledError>([&] { loop->run_until_complete<void>(task); }), "outside");
  EXPECT_EQ(now(), 1s);
}

TEST_F(TimeoutTest, CancellationBesidesTheDeadlineWins) {
  const auto main = [&]() -> Coro<> {
    Timeout limit = timeout(1s);
    try {
      co_await limit.with(sleep(10s));
    } catch (...) {
      note(describe_type(std::current_exception()));
    }
    EXPECT_TRUE(limit.expired());
    EXPECT_EQ(current_task()->cancelling(), 1U) << "only the deadline's own is taken back";
  };
  const Task<> task = loop->create_task(main());
  loop->call_soon([&] { loop->call_later(1s, [&] { task.cancel(); }); });
  loop->run_until_complete<void>(task);
  EXPECT_EQ(notes, Notes{"CancelledError"});
}

TEST_F(TimeoutTest, WorksAfterACancellationThatWasSwallowed) {
  const auto main = [&]() -> Coro<> {
    current_task()->cancel();
    co_await refuses(1s);
    co_await attempt(timeout(0s, sleep(1s)));
    EXPECT_EQ(current_task()->cancelling(), 1U);
    const auto cancels_itself = [&]() -> Coro<> {
      current_task()->cancel();
      co_await sleep(2s);
    };
    co_await attempt(timeout(1s, cancels_itself()));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"swallowed", "TimeoutError", "0 ms", "CancelledError", "0 ms"}));
}

TEST_F(TimeoutTest, OfTwoNestedOnesTheEarlierThrows) {
  const auto main = [&]() -> Coro<> {
    Timeout outer = timeout(2s), inner = timeout(1s);
    co_await attempt(outer.with([&]() -> Coro<> {
      co_await attempt(inner.with(sleep(10s)));
      co_await sleep(10s);
    }));
    EXPECT_TRUE(outer.expired());
    EXPECT_TRUE(inner.expired());
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"TimeoutError", "1000 ms", "TimeoutError", "2000 ms"}));
}

TEST_F(TimeoutTest, InnerOneThatIsNotOverLetsTheOutersCancellationPass) {
  const auto main = [&]() -> Coro<> {
    Timeout outer = timeout(1s), inner = timeout(5s);
    co_await attempt(outer.with(attempt(inner.with(sleep(10s)))));
    EXPECT_FALSE(inner.expired());
    EXPECT_TRUE(outer.expired());
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"CancelledError", "1000 ms", "result", "1000 ms"}))
      << "here the block swallowed it";
}

TEST_F(TimeoutTest, OfTwoNestedOnesThatEndInOneTurnTheOuterThrows) {
  const auto main = [&]() -> Coro<> {
    Timeout outer = timeout(1s), inner = timeout(1s);
    co_await attempt(outer.with(inner.with(sleep(10s))));
    EXPECT_TRUE(outer.expired());
    EXPECT_TRUE(inner.expired());
    EXPECT_EQ(current_task()->cancelling(), 0U);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"TimeoutError", "1000 ms"}));
}

TEST_F(TimeoutTest, OfTwoNestedOnesThatABusyLoopMakesLateTheOuterThrows) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(timeout(10s, timeout(1s, [&]() -> Coro<> {
                               time->advance(10s);
                               co_await sleep(10s);
                             })));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"TimeoutError", "10000 ms"}));
}

TEST_F(TimeoutTest, OneInTheCleaningUpOfAnotherHasItsOwnTime) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(timeout(1s, [&]() -> Coro<> {
      std::exception_ptr cancelled;
      try {
        co_await sleep(10s);
      } catch (...) {
        cancelled = std::current_exception();
      }
      co_await attempt(timeout(1s, sleep(10s)));
      std::rethrow_exception(cancelled);
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"TimeoutError", "2000 ms", "TimeoutError", "2000 ms"}));
}

TEST_F(TimeoutTest, ReschedulingMovesTheDeadline) {
  const auto main = [&]() -> Coro<> {
    Timeout limit = timeout(1s);
    co_await attempt(limit.with([&](Timeout& same) -> Coro<> {
      EXPECT_EQ(&same, &limit);
      same.reschedule(loop->time() + 5s);
      EXPECT_EQ(same.when(), Instant(5s));
      co_await sleep(3s);
      same.reschedule(std::nullopt);
      EXPECT_EQ(same.when(), std::nullopt);
      co_await sleep(10s);
      same.reschedule(loop->time() - 1s);
      co_await sleep(10s);
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"TimeoutError", "13000 ms"}));
}

TEST_F(TimeoutTest, CanBeRescheduledFromAnotherTask) {
  const auto main = [&]() -> Coro<> {
    Timeout limit = timeout(1s);
    loop->call_soon([&] { limit.reschedule(loop->time() + 3s); });
    co_await attempt(limit.with(sleep(10s)));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"TimeoutError", "3000 ms"}));
}

TEST_F(TimeoutTest, ReschedulingOutsideItsBlockThrows) {
  const auto reschedule = [](Timeout& limit) {
    return message_of<RuntimeError>([&] { limit.reschedule(std::nullopt); });
  };
  const auto main = [&]() -> Coro<> {
    Timeout limit = timeout(1s), other = timeout(1s);
    note(reschedule(limit));
    co_await limit.with(sleep(0s));
    note(reschedule(limit));
    co_await attempt(other.with([&]() -> Coro<> {
      co_await refuses(10s);
      note(reschedule(other));
    }));
    note(reschedule(other));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"Timeout has not been entered", "Cannot change state of finished Timeout",
                          "swallowed", "Cannot change state of expiring Timeout", "result",
                          "1000 ms", "Cannot change state of expired Timeout"}));
}

TEST_F(TimeoutTest, CannotBeEnteredTwice) {
  const auto main = [&]() -> Coro<> {
    Timeout limit = timeout(1s);
    co_await limit.with([&]() -> Coro<> { co_await attempt(limit.with(sleep(0s))); });
    co_await attempt(limit.with(sleep(0s)));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"RuntimeError: Timeout has already been entered", "0 ms",
                          "RuntimeError: Timeout has already been entered", "0 ms"}));
}

TEST_F(TimeoutTest, NeedsARunningLoop) {
  EXPECT_EQ(message_of<RuntimeError>([] { static_cast<void>(timeout(1s)); }),
            "no running event loop");
}

TEST_F(TimeoutTest, TellsItsState) {
  const auto main = [&]() -> Coro<> {
    Timeout limit = timeout(1500ms);
    note(to_string(limit));
    co_await limit.with([&]() -> Coro<> {
      note(to_string(limit));
      limit.reschedule(std::nullopt);
      note(to_string(limit));
      limit.reschedule(loop->time());
      co_await refuses(1s);
      note(to_string(limit));
    });
    note(to_string(limit));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"<Timeout [created]>", "<Timeout [active] when=1.5>",
                          "<Timeout [active] when=None>", "swallowed", "<Timeout [expiring]>",
                          "<Timeout [expired]>"}));
}

TEST_F(TimeoutTest, ItsLoopMayEndWhileItWaits) {
  const auto main = [&]() -> Coro<> {
    Timeout limit = timeout(1h);
    co_await limit.with(timeout(2h, sleep(3h)));
  };
  loop->create_task(main());
  turns(3);
}

TEST_F(TimeoutTest, LeavesNoTimerBehind) {
  const auto main = [&]() -> Coro<> {
    for (int round = 0; round < 1000; ++round) co_await timeout(1h, sleep(0s));
  };
  run(main());
  EXPECT_EQ(now(), 0s);
  turns(1);
  EXPECT_EQ(loop->next_timeout(), std::nullopt);
}

}  // namespace
}  // namespace asyncio
