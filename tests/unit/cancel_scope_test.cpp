#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class CancelScopeTest : public LoopTest {
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
  void note_at(const std::string& what) { note(what + " at " + std::to_string(now() / 1ms)); }
  template <class T>
  Coro<> attempt(Coro<T> coro) {
    try {
      co_await coro;
      note_at("ready");
    } catch (...) {
      note_at(describe(std::current_exception()));
    }
  }
  // Whether the block of a scope was ready.
  template <class C>
  Coro<> note_whether(C scoped) {
    const auto result = co_await scoped;
    note_at(result ? "ready" : "cancelled");
  }
};

TEST_F(CancelScopeTest, GivesTheResultOfABlockThatIsReady) {
  const auto main = [&]() -> Coro<> {
    CancelScope scope;
    const std::optional<int> result = co_await scope.with(after(1s, 7));
    EXPECT_EQ(result, 7);
    EXPECT_FALSE(scope.cancel_called());
    EXPECT_FALSE(scope.cancelled_caught());
  };
  run(main());
}

TEST_F(CancelScopeTest, CancelledFromOutsideItEndsAndTheTaskGoesOn) {
  const auto main = [&]() -> Coro<> {
    CancelScope scope;
    loop->call_later(1s, [&] { scope.cancel(); });
    co_await note_whether(scope.with(after(1h, 7)));
    EXPECT_TRUE(scope.cancelled_caught());
    EXPECT_EQ(current_task()->cancelling(), 0U);
    co_await sleep(1s);
    note_at("on");
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"cancelled at 1000", "on at 2000"}));
}

TEST_F(CancelScopeTest, CancelledFromWithinItEndsAtTheNextAwait) {
  const auto main = [&]() -> Coro<> {
    CancelScope scope;
    co_await note_whether(scope.with([&](CancelScope& same) -> Coro<> {
      same.cancel();
      same.cancel();
      note("still here");
      co_await sleep(0s);
      note("never here");
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"still here", "cancelled at 0"}));
}

TEST_F(CancelScopeTest, CancelledBeforeItIsEnteredItsBlockEndsAtItsFirstAwait) {
  const auto main = [&]() -> Coro<> {
    CancelScope scope;
    scope.cancel();
    co_await note_whether(scope.with(after(1h, 1)));
  };
  run(main());
  EXPECT_EQ(notes, Notes{"cancelled at 0"});
}

TEST_F(CancelScopeTest, BlockThatDoesNotWaitAgainIsReadyAndNothingIsLeftOfTheRequest) {
  const auto main = [&]() -> Coro<> {
    CancelScope scope;
    co_await note_whether(scope.with([&]() -> Coro<> {
      scope.cancel();
      co_return;
    }));
    EXPECT_TRUE(scope.cancel_called());
    EXPECT_FALSE(scope.cancelled_caught());
    co_await sleep(1s);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"ready at 0"});
  EXPECT_EQ(now(), 1s);
}

TEST_F(CancelScopeTest, MoveOnAfterGivesTheResultOrNothing) {
  const auto main = [&]() -> Coro<> {
    const std::optional<int> in_time = co_await move_on_after(2s, after(1s, 7));
    EXPECT_EQ(in_time, 7);
    const std::optional<int> late = co_await move_on_after(2s, after(1h, 7));
    EXPECT_EQ(late, std::nullopt);
    EXPECT_EQ(now(), 3s);
    const bool slept = (co_await move_on_at(loop->time() + 1s, sleep(2s))).has_value();
    EXPECT_FALSE(slept);
    EXPECT_EQ(now(), 4s);
  };
  run(main());
}

TEST_F(CancelScopeTest, FailAfterThrowsTimeoutError) {
  const auto main = [&]() -> Coro<> {
    EXPECT_EQ(co_await fail_after(2s, after(1s, 7)), 7);
    co_await attempt(fail_after(2s, after(1h, 7)));
    co_await attempt(fail_at(loop->time(), sleep(1h)));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"TimeoutError at 3000", "TimeoutError at 3000"}));
}

TEST_F(CancelScopeTest, DeadlineThatHasPassedCancelsAtTheFirstAwait) {
  const auto main = [&]() -> Coro<> {
    co_await note_whether(move_on_after(0s, sleep(0s)));
    co_await note_whether(move_on_after(-1s, sleep(1h)));
    const auto at_once = []() -> Coro<> { co_return; };
    co_await note_whether(move_on_after(-1s, at_once()));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"cancelled at 0", "cancelled at 0", "ready at 0"}));
}

TEST_F(CancelScopeTest, DeadlineCanBeMoved) {
  const auto main = [&]() -> Coro<> {
    CancelScope scope(loop->time() + 1s);
    co_await note_whether(scope.with([&]() -> Coro<> {
      scope.set_deadline(loop->time() + 5s);
      co_await sleep(3s);
      scope.set_deadline(std::nullopt);
      co_await sleep(10s);
      scope.set_deadline(loop->time() - 1s);
      co_await sleep(1h);
    }));
    scope.set_deadline(loop->time() + 1s);  // it is left: nothing comes of it
    co_await sleep(2s);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"cancelled at 13000"});
}

TEST_F(CancelScopeTest, OuterScopeEndsTheInnerAndCatchesTheCancellation) {
  const auto main = [&]() -> Coro<> {
    CancelScope outer, inner;
    loop->call_later(1s, [&] { outer.cancel(); });
    co_await note_whether(outer.with([&]() -> Coro<> {
      co_await note_whether(inner.with(sleep(1h)));
      note("never here");
    }));
    EXPECT_FALSE(inner.cancelled_caught());
    EXPECT_TRUE(outer.cancelled_caught());
  };
  run(main());
  EXPECT_EQ(notes, Notes{"cancelled at 1000"});
}

TEST_F(CancelScopeTest, InnerScopeLeavesTheOuterAlone) {
  const auto main = [&]() -> Coro<> {
    CancelScope outer, inner;
    loop->call_later(1s, [&] { inner.cancel(); });
    co_await note_whether(outer.with([&]() -> Coro<> {
      co_await note_whether(inner.with(sleep(1h)));
      co_await sleep(1s);
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"cancelled at 1000", "ready at 2000"}));
}

TEST_F(CancelScopeTest, WhenBothAreCancelledInOneTurnTheOuterCatches) {
  const auto main = [&]() -> Coro<> {
    CancelScope outer, inner;
    loop->call_later(1s, [&] {
      inner.cancel();
      outer.cancel();
    });
    co_await note_whether(outer.with([&]() -> Coro<> {
      co_await note_whether(inner.with(sleep(1h)));
      note("never here");
    }));
    EXPECT_EQ(current_task()->cancelling(), 0U);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"cancelled at 1000"});
}

TEST_F(CancelScopeTest, ShieldKeepsOutTheOuterScopeUntilItIsLeft) {
  const auto main = [&]() -> Coro<> {
    CancelScope outer, shielded(std::nullopt, true);
    loop->call_later(1s, [&] { outer.cancel(); });
    co_await note_whether(outer.with([&]() -> Coro<> {
      co_await note_whether(shielded.with(sleep(3s)));
      note("on");
      co_await sleep(1h);
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"ready at 3000", "on", "cancelled at 3000"}));
}

TEST_F(CancelScopeTest, ShieldIsNoneAgainstItsOwnScopeOrATasksCancellation) {
  const auto main = [&]() -> Coro<> {
    CancelScope own(loop->time() + 1s, true), shielded(std::nullopt, true);
    co_await note_whether(own.with(sleep(1h)));
    loop->call_later(1s, [task = *current_task()] { task.cancel(); });
    co_await attempt(note_whether(shielded.with(sleep(1h))));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"cancelled at 1000", "CancelledError at 2000"}));
}

TEST_F(CancelScopeTest, TakingTheShieldAwayLetsTheCancellationIn) {
  const auto main = [&]() -> Coro<> {
    CancelScope outer, shielded(std::nullopt, true);
    loop->call_later(1s, [&] { outer.cancel(); });
    loop->call_later(2s, [&] { shielded.set_shield(false); });
    co_await note_whether(outer.with(note_whether(shielded.with(sleep(1h)))));
    EXPECT_FALSE(shielded.cancelled_caught());
  };
  run(main());
  EXPECT_EQ(notes, Notes{"cancelled at 2000"});
}

TEST_F(CancelScopeTest, CancellationOfTheTaskGoesThroughTheScope) {
  const auto main = [&]() -> Coro<> { co_await note_whether(move_on_after(2s, sleep(1h))); };
  const Task<> task = loop->create_task(main());
  loop->call_later(1s, [&] { task.cancel("outside"); });
  EXPECT_EQ(message_of<CancelledError>([&] { loop->run_until_complete<void>(task); }), "outside");
}

TEST_F(CancelScopeTest, CancellationOfTheTaskBesidesTheScopesOwnWins) {
  const auto main = [&]() -> Coro<> {
    CancelScope scope;
    loop->call_later(1s, [&, task = *current_task()] {
      scope.cancel();
      task.cancel();
    });
    co_await attempt(note_whether(scope.with(sleep(1h))));
    EXPECT_EQ(current_task()->cancelling(), 1U);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"CancelledError at 1000"});
}

TEST_F(CancelScopeTest, OtherExceptionsPass) {
  const auto fails = [&]() -> Coro<> {
    co_await refuses(1h);
    throw std::runtime_error("own");
  };
  const auto main = [&]() -> Coro<> {
    co_await attempt(note_whether(move_on_after(1s, fails())));
    co_await sleep(1s);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"swallowed", "std::runtime_error: own at 1000"}));
}

TEST_F(CancelScopeTest, SwallowedItIsNotRequestedAgainButAtCheckpoints) {
  const auto main = [&]() -> Coro<> {
    co_await note_whether(move_on_after(1s, [&]() -> Coro<> {
      co_await refuses(1h);
      co_await sleep(1s);
      note_at("on");
      co_await attempt(checkpoint());
      co_await checkpoint();
      note("never here");
    }));
  };
  run(main());
  EXPECT_EQ(notes,
            (Notes{"swallowed", "on at 2000", "CancelledError at 2000", "cancelled at 2000"}));
}

TEST_F(CancelScopeTest, CheckpointTakesOneTurnAndThrowsOnlyInACancelledScope) {
  const auto main = [&]() -> Coro<> {
    const std::uint64_t before = loop->turns();
    co_await checkpoint();
    EXPECT_EQ(loop->turns(), before + 1);
    CancelScope outer, shielded(std::nullopt, true);
    co_await note_whether(outer.with([&]() -> Coro<> {
      co_await note_whether(shielded.with([&]() -> Coro<> {
        outer.cancel();
        co_await checkpoint();
      }));
      co_await checkpoint();
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"ready at 0", "cancelled at 0"}));
}

TEST_F(CancelScopeTest, EffectiveDeadlineIsTheEarliestThatIsNotKeptOut) {
  const auto main = [&]() -> Coro<> {
    EXPECT_EQ(current_effective_deadline(), Instant::max());
    co_await move_on_after(5s, [&]() -> Coro<> {
      co_await move_on_after(9s, [&](CancelScope& inner) -> Coro<> {
        EXPECT_EQ(current_effective_deadline(), Instant(5s));
        inner.set_shield(true);
        EXPECT_EQ(current_effective_deadline(), Instant(9s));
        inner.cancel();
        EXPECT_EQ(current_effective_deadline(), Instant::min());
        co_return;
      });
    });
  };
  run(main());
}

TEST_F(CancelScopeTest, CannotBeEnteredTwice) {
  const auto main = [&]() -> Coro<> {
    CancelScope scope;
    co_await scope.with(sleep(0s));
    co_await attempt(note_whether(scope.with(sleep(0s))));
  };
  run(main());
  EXPECT_EQ(notes,
            Notes{"RuntimeError: Each CancelScope may only be used for a single block at 0"});
}

TEST_F(CancelScopeTest, LeftBeforeTheOneWithinItThrows) {
  const auto main = [&]() -> Coro<> {
    CancelScope outer, inner;
    outer.enter();
    inner.enter();
    EXPECT_EQ(message_of<RuntimeError>([&] { outer.leave(nullptr); }),
              "Cancel scope stack corrupted: left a scope that others are still within");
    inner.leave(nullptr);
    co_await note_whether(move_on_after(1s, sleep(2s)));
  };
  run(main());
  EXPECT_EQ(notes, Notes{"cancelled at 1000"}) << "the others work on";
}

TEST_F(CancelScopeTest, ItsLoopMayEndInIt) {
  const auto main = [&]() -> Coro<> {
    co_await move_on_after(1h, move_on_after(2h, fail_after(3h, sleep(4h))));
  };
  loop->create_task(main());
  turns(3);
}

}  // namespace
}  // namespace asyncio
