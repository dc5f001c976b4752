// Locks: one at a time, first come first served.
#include "support/loop_test.hpp"
#include "support/shared_things.hpp"

namespace asyncio {
namespace {

class LockTest : public LoopTest {
 public:
  // Takes the lock, notes it, holds it for so many turns, gives it back.
  Coro<> use(Lock lock, std::string name, int turns_held) {
    co_await lock.acquire();
    note(name);
    for (; turns_held > 0; --turns_held) co_await sleep(0s);
    lock.release();
  }
};

TEST_F(LockTest, IsFreeUntilSomebodyTakesItAndAfterTheyGaveItBack) {
  const Lock lock;
  const auto main = [&]() -> Coro<> {
    EXPECT_FALSE(lock.locked());
    EXPECT_TRUE(co_await lock.acquire());
    EXPECT_TRUE(lock.locked());
    lock.release();
    EXPECT_FALSE(lock.locked());
  };
  run(main());
}

TEST_F(LockTest, TakingAFreeLockTakesNoTurn) {
  const auto main = [&]() -> Coro<> {
    const Lock lock;
    const std::uint64_t turn = loop->turns();
    co_await lock.acquire();
    EXPECT_EQ(loop->turns(), turn);
  };
  run(main());
}

TEST_F(LockTest, ReleasingWhatNobodyHoldsThrows) {
  const Lock lock;
  EXPECT_EQ(message_of<RuntimeError>([&] { lock.release(); }), "Lock is not acquired.");
}

TEST_F(LockTest, IsHandedOverInTheOrderOfComing) {
  const auto main = [&]() -> Coro<> {
    const Lock lock;
    co_await gather(use(lock, "a", 3), use(lock, "b", 0), use(lock, "c", 1), use(lock, "d", 0));
    EXPECT_FALSE(lock.locked());
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a", "b", "c", "d"}));
}

TEST_F(LockTest, TheNextHasItInTheTurnAfterTheRelease) {
  const auto main = [&]() -> Coro<> {
    const Lock lock;
    co_await lock.acquire();
    const Task<> next = create_task(use(lock, "next", 0));
    co_await sleep(0s);
    lock.release();
    EXPECT_FALSE(lock.locked()) << "free until the next one's turn";
    EXPECT_EQ(notes, Notes{});
    co_await sleep(0s);
    EXPECT_EQ(notes, Notes{"next"});
  };
  run(main());
}

TEST_F(LockTest, WhoComesBetweenReleaseAndTheNextOnesTurnWaitsBehind) {
  const auto main = [&]() -> Coro<> {
    const Lock lock;
    co_await lock.acquire();
    const Task<> early = create_task(use(lock, "early", 1));
    co_await sleep(0s);
    lock.release();
    co_await use(lock, "late", 0);
    co_await early;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"early", "late"}));
}

TEST_F(LockTest, ACancelledWaiterLeavesTheLine) {
  const auto main = [&]() -> Coro<> {
    const Lock lock;
    co_await lock.acquire();
    const Task<bool> waiter = create_task(lock.acquire());
    loop->call_soon([waiter] { waiter.cancel(); });
    EXPECT_TRUE(co_await is_cancelled(waiter));
    EXPECT_EQ(unnumbered(to_string(lock)), "<Lock [locked]>");
    lock.release();
    EXPECT_FALSE(lock.locked());
  };
  run(main());
}

TEST_F(LockTest, AReleaseSkipsAWaiterThatIsJustBeingCancelled) {
  const auto main = [&]() -> Coro<> {
    const Lock lock;
    co_await lock.acquire();
    const Task<> b = create_task(use(lock, "b", 0));
    const Task<> c = create_task(use(lock, "c", 0));
    co_await sleep(0s);
    b.cancel();
    lock.release();
    co_await sleep(0s);
    EXPECT_TRUE(b.cancelled());
    EXPECT_EQ(notes, Notes{}) << "it is the cancelled one who passes it on";
    co_await sleep(0s);
    EXPECT_EQ(notes, Notes{"c"});
    co_await c;
  };
  run(main());
}

TEST_F(LockTest, AWaiterCancelledAfterItWasWokenPassesItsTurnOn) {
  const auto main = [&]() -> Coro<> {
    const Lock lock;
    co_await lock.acquire();
    const Task<> b = create_task(use(lock, "b", 0));
    const Task<> c = create_task(use(lock, "c", 0));
    co_await sleep(0s);
    lock.release();
    b.cancel();
    co_await c;
    EXPECT_TRUE(b.cancelled());
  };
  run(main());
  EXPECT_EQ(notes, Notes{"c"});
}

TEST_F(LockTest, ACancellationAndAReleaseGiveTheLockToOneOnly) {
  const auto main = [&]() -> Coro<> {
    const Lock lock;
    co_await lock.acquire();
    const auto take = [&]() -> Coro<> {
      co_await lock.acquire();
      note("taken");
    };
    const Task<> first = create_task(take());
    const Task<> second = create_task(take());
    const Task<> third = create_task(take());
    co_await sleep(0s);
    loop->call_soon([=] {
      first.cancel();
      lock.release();
    });
    EXPECT_TRUE(co_await is_cancelled(first));
    EXPECT_EQ(notes, Notes{"taken"});
    EXPECT_TRUE(second.done());
    third.cancel();
    EXPECT_TRUE(co_await is_cancelled(third));
  };
  run(main());
}

TEST_F(LockTest, AGuardHoldsItToTheEndOfTheScope) {
  const auto main = [&]() -> Coro<> {
    const Lock lock;
    {
      const auto held = co_await lock.scoped();
      EXPECT_TRUE(lock.locked());
    }
    EXPECT_FALSE(lock.locked());
  };
  run(main());
}

TEST_F(LockTest, AGuardGivesItBackWhenTheScopeIsLeftByAnException) {
  const auto main = [&]() -> Coro<> {
    const Lock lock;
    try {
      const auto held = co_await lock.scoped();
      throw std::runtime_error("x");
    } catch (const std::runtime_error&) {
    }
    EXPECT_FALSE(lock.locked());
  };
  run(main());
}

TEST_F(LockTest, AGuardCanGiveItBackEarlyAndBeMoved) {
  const auto main = [&]() -> Coro<> {
    const Lock lock;
    auto held = co_await lock.scoped();
    auto moved = std::move(held);
    EXPECT_TRUE(lock.locked());
    moved.release();
    EXPECT_FALSE(lock.locked());
    moved.release();
  };
  run(main());
}

TEST_F(LockTest, AGuardOfWhatWasReleasedByHandTellsTheExceptionHandler) {
  const auto main = [&]() -> Coro<> {
    const Lock lock;
    const auto held = co_await lock.scoped();
    lock.release();
  };
  run(main());
  EXPECT_EQ(
      messages(),
      Messages{
          "error: Exception in the destructor of a Held | RuntimeError: Lock is not acquired."});
}

TEST_F(LockTest, IsBoundToTheLoopInWhichItIsFirstWaitedFor) {
  const Lock lock;
  const auto wait = [&]() -> Coro<> {
    const Task<bool> waiter = create_task(lock.acquire());
    co_await sleep(0s);
    waiter.cancel();
    EXPECT_TRUE(co_await is_cancelled(waiter));
  };
  const auto take = [&]() -> Coro<> { co_await lock.acquire(); };
  run(take());  // without waiting, it is anybody's
  run(wait());
  const std::unique_ptr<EventLoop> other = make_loop();
  EXPECT_EQ(unnumbered(message_of<RuntimeError>([&] { other->run_until_complete(take()); })),
            "<Lock [locked]> is bound to a different event loop");
}

TEST_F(LockTest, SaysWhatItIs) {
  const Lock lock;
  EXPECT_EQ(unnumbered(to_string(lock)), "<Lock [unlocked]>");
  const auto main = [&]() -> Coro<> {
    co_await lock.acquire();
    EXPECT_EQ(unnumbered(to_string(lock)), "<Lock [locked]>");
    const Task<> waiter = create_task(use(lock, "waiter", 0));
    co_await sleep(0s);
    EXPECT_EQ(unnumbered(to_string(lock)), "<Lock [locked, waiters:1]>");
    lock.release();
    co_await waiter;
  };
  run(main());
}

TEST_F(LockTest, CopiesAreTheSameLock) {
  const Lock lock;
  const Lock copy = lock;
  EXPECT_EQ(lock, copy);
  EXPECT_NE(lock, Lock());
  const auto main = [&]() -> Coro<> { co_await copy.acquire(); };
  run(main());
  EXPECT_TRUE(lock.locked());
}

// Neither the waiters nor the holders mind in which order frames and locks go.
TEST_F(LockTest, ALoopMayEndWhileItIsHeldAndWaitedFor) {
  const auto hold = [&](Lock lock) -> Coro<> {
    const auto held = co_await lock.scoped();
    co_await sleep(1h);
  };
  {
    const Lock lock;
    const auto main = [&](Lock mine) -> Coro<> {
      const auto held = co_await mine.scoped();
      co_await sleep(1h);
    };
    loop->create_task(main(lock));
    loop->create_task(hold(lock));
    loop->create_task(hold(lock));
  }
  turns(3);
  loop.reset();
}

}  // namespace
}  // namespace asyncio
