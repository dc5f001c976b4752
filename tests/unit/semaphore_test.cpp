// Semaphores: so many at a time, first come first served.
#include "support/loop_test.hpp"
#include "support/shared_things.hpp"

namespace asyncio {
namespace {

class SemaphoreTest : public LoopTest {
 public:
  Coro<> take(Semaphore semaphore, std::string name) {
    EXPECT_TRUE(co_await semaphore.acquire());
    note(std::move(name));
  }
};

TEST_F(SemaphoreTest, LetsSoManyInWithoutATurn) {
  const auto main = [&]() -> Coro<> {
    const Semaphore semaphore(2);
    const std::uint64_t turn = loop->turns();
    co_await semaphore.acquire();
    EXPECT_FALSE(semaphore.locked());
    co_await semaphore.acquire();
    EXPECT_TRUE(semaphore.locked());
    EXPECT_EQ(loop->turns(), turn);
    semaphore.release();
    EXPECT_FALSE(semaphore.locked());
  };
  run(main());
}

TEST_F(SemaphoreTest, TheOthersFollowInTheOrderOfComing) {
  const auto main = [&]() -> Coro<> {
    const Semaphore semaphore(0);
    const Task<> a = create_task(take(semaphore, "a"));
    const Task<> b = create_task(take(semaphore, "b"));
    const Task<> c = create_task(take(semaphore, "c"));
    co_await sleep(0s);
    semaphore.release();
    semaphore.release();
    co_await sleep(0s);
    EXPECT_EQ(notes, (Notes{"a", "b"}));
    semaphore.release();
    co_await c;
  };
  run(main());
}

TEST_F(SemaphoreTest, CountsUpWhereNobodyWaits) {
  const auto main = [&]() -> Coro<> {
    const Semaphore semaphore;
    semaphore.release();
    for (int count = 0; count < 2; ++count) co_await semaphore.acquire();
    EXPECT_TRUE(semaphore.locked());
  };
  run(main());
}

TEST_F(SemaphoreTest, CannotBeginBelowZero) {
  EXPECT_EQ(message_of<ValueError>([] { const Semaphore semaphore(-1); }),
            "Semaphore initial value must be >= 0");
  EXPECT_EQ(message_of<ValueError>([] { const BoundedSemaphore semaphore(-1); }),
            "Semaphore initial value must be >= 0");
}

TEST_F(SemaphoreTest, ABoundedOneCannotBeReleasedTooOften) {
  const BoundedSemaphore semaphore(2);
  EXPECT_EQ(message_of<ValueError>([&] { semaphore.release(); }),
            "BoundedSemaphore released too many times");
  const auto main = [&]() -> Coro<> {
    co_await semaphore.acquire();
    semaphore.release();
  };
  run(main());
  EXPECT_THROW(semaphore.release(), ValueError);
}

TEST_F(SemaphoreTest, ACancelledWaiterLosesNothing) {
  const auto main = [&]() -> Coro<> {
    const Semaphore semaphore(0);
    const Task<> a = create_task(take(semaphore, "a"));
    const Task<> b = create_task(take(semaphore, "b"));
    const Task<> c = create_task(take(semaphore, "c"));
    co_await sleep(0s);
    a.cancel();  // while it waits
    semaphore.release();
    b.cancel();  // when it was woken
    co_await c;
    EXPECT_TRUE(a.cancelled());
    EXPECT_TRUE(b.cancelled());
    EXPECT_TRUE(semaphore.locked());
  };
  run(main());
  EXPECT_EQ(notes, Notes{"c"});
}

TEST_F(SemaphoreTest, ACancelledWaiterWithNobodyBehindItGivesBackWhatItHad) {
  const auto main = [&]() -> Coro<> {
    const Semaphore semaphore(0);
    const Task<> a = create_task(take(semaphore, "a"));
    co_await sleep(0s);
    semaphore.release();
    a.cancel();
    EXPECT_TRUE(co_await is_cancelled(a));
    EXPECT_EQ(unnumbered(to_string(semaphore)), "<Semaphore [unlocked, value:1]>");
  };
  run(main());
}

TEST_F(SemaphoreTest, WhoComesWhileOthersAreOnTheirWayWaitsBehindThem) {
  const auto main = [&]() -> Coro<> {
    const Semaphore semaphore(0);
    const auto second = [&]() -> Coro<> {
      // For the first, itself and the third: but the first has not gone on.
      for (int count = 0; count < 3; ++count) semaphore.release();
      EXPECT_TRUE(semaphore.locked());
      co_await take(semaphore, "second");
    };
    const Task<> a = create_task(take(semaphore, "first"));
    const Task<> b = create_task(second());
    const Task<> c = create_task(take(semaphore, "third"));
    co_await sleep(0s);
    EXPECT_EQ(unnumbered(to_string(semaphore)), "<Semaphore [locked, waiters:3]>");
    co_await gather(a, b, c);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"first", "second", "third"}));
}

TEST_F(SemaphoreTest, ReleasingAndTakingAgainGoesBehindWhoWaits) {
  const auto main = [&]() -> Coro<> {
    const Semaphore semaphore(1);
    const auto twice = [&](std::string name) -> Coro<> {
      for (int round = 1; round <= 2; ++round) {
        co_await take(semaphore, name + std::to_string(round));
        co_await sleep(10ms);
        semaphore.release();
      }
    };
    co_await gather(twice("a"), twice("b"), twice("c"));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a1", "b1", "c1", "a2", "b2", "c2"}));
}

TEST_F(SemaphoreTest, AGuardHoldsOneToTheEndOfTheScope) {
  const auto main = [&]() -> Coro<> {
    const Semaphore semaphore(1);
    {
      const auto held = co_await semaphore.scoped();
      EXPECT_TRUE(semaphore.locked());
    }
    EXPECT_FALSE(semaphore.locked());
  };
  run(main());
}

TEST_F(SemaphoreTest, CancellingWhoWaitsForAScopeNeverHangs) {
  const auto main = [&]() -> Coro<> {
    const Semaphore semaphore(1);
    const auto second = [&]() -> Coro<> {
      const auto held = co_await semaphore.scoped();
      ADD_FAILURE() << "it was cancelled";
    };
    Task<> other;
    const auto first = [&]() -> Coro<> {
      {
        const auto held = co_await semaphore.scoped();
        co_await sleep(0s);
      }
      other.cancel();
    };
    const Task<> one = create_task(first());
    other = create_task(second());
    co_await one;
    EXPECT_TRUE(co_await is_cancelled(other));
    co_await semaphore.acquire();
  };
  run(main());
}

TEST_F(SemaphoreTest, SaysWhatItIs) {
  EXPECT_EQ(unnumbered(to_string(Semaphore(3))), "<Semaphore [unlocked, value:3]>");
  EXPECT_EQ(unnumbered(to_string(BoundedSemaphore(0))), "<BoundedSemaphore [locked]>");
}

TEST_F(SemaphoreTest, ALoopMayEndWhileItIsWaitedFor) {
  {
    const Semaphore semaphore(1);
    for (const char* name : {"a", "b", "c"}) loop->create_task(take(semaphore, name));
    loop->call_soon([semaphore] { semaphore.release(); });
  }
  turns(1);
  loop.reset();
  static_cast<void>(messages());  // the one who was woken is told of, as it will never run
}

}  // namespace
}  // namespace asyncio
