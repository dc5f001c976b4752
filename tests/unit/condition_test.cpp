// Conditions: waiting, with a lock, for what another changes.
#include "support/loop_test.hpp"
#include "support/shared_things.hpp"

namespace asyncio {
namespace {

class ConditionTest : public LoopTest {
 public:
  // Notes its name when it is notified; holds the lock until then only.
  Coro<> wait(Condition condition, std::string name) {
    const auto held = co_await condition.scoped();
    EXPECT_TRUE(co_await condition.wait());
    EXPECT_TRUE(condition.locked());
    note(std::move(name));
  }
  static Coro<> notify(Condition condition, std::size_t count) {
    const auto held = co_await condition.scoped();
    condition.notify(count);
  }
  // Takes one of what there is whenever there is one; ends when the stock is negative.
  static Coro<> consume(Condition condition, int& stock) {
    const auto held = co_await condition.scoped();
    for (;;) {
      co_await condition.wait_for([&] { return stock != 0; });
      if (stock < 0) co_return;
      --stock;
    }
  }
};

TEST_F(ConditionTest, WaitingGivesTheLockAwayAndTakesItAgain) {
  const auto main = [&]() -> Coro<> {
    const Condition condition;
    const Task<> waiter = create_task(wait(condition, "notified"));
    co_await sleep(0s);
    EXPECT_FALSE(condition.locked());
    EXPECT_EQ(unnumbered(to_string(condition)), "<Condition [unlocked, waiters:1]>");
    {
      const auto held = co_await condition.scoped();
      condition.notify();
      co_await sleep(0s);
      EXPECT_EQ(notes, Notes{}) << "it needs the lock";
    }
    co_await waiter;
    EXPECT_FALSE(condition.locked());
  };
  run(main());
  EXPECT_EQ(notes, Notes{"notified"});
}

TEST_F(ConditionTest, NotifyingWakesSoManyInTheOrderOfComing) {
  const auto main = [&]() -> Coro<> {
    const Condition condition;
    const Task<> a = create_task(wait(condition, "a"));
    const Task<> b = create_task(wait(condition, "b"));
    const Task<> c = create_task(wait(condition, "c"));
    co_await sleep(0s);
    co_await notify(condition, 2);
    for (int turn = 0; turn < 5; ++turn) co_await sleep(0s);
    EXPECT_EQ(notes, (Notes{"a", "b"}));
    co_await notify(condition, 100);
    co_await c;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a", "b", "c"}));
}

TEST_F(ConditionTest, NotifyAllWakesAll) {
  const auto main = [&]() -> Coro<> {
    const Condition condition;
    const Task<> a = create_task(wait(condition, "a"));
    const Task<> b = create_task(wait(condition, "b"));
    co_await sleep(0s);
    co_await condition.acquire();
    condition.notify_all();
    condition.release();
    co_await gather(a, b);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a", "b"}));
}

TEST_F(ConditionTest, NotifyingNobodyIsLost) {
  const auto main = [&]() -> Coro<> {
    const Condition condition;
    co_await notify(condition, 1);
    const Task<> late = create_task(wait(condition, "late"));
    for (int turn = 0; turn < 5; ++turn) co_await sleep(0s);
    EXPECT_FALSE(late.done());
    co_await notify(condition, 1);
    co_await late;
  };
  run(main());
}

TEST_F(ConditionTest, NeedsTheLock) {
  const Condition condition;
  const auto main = [&]() -> Coro<> { co_await condition.wait(); };
  EXPECT_EQ(message_of<RuntimeError>([&] { run(main()); }), "cannot wait on un-acquired lock");
  EXPECT_EQ(message_of<RuntimeError>([&] { condition.notify(); }),
            "cannot notify on un-acquired lock");
  EXPECT_EQ(message_of<RuntimeError>([&] { condition.notify_all(); }),
            "cannot notify on un-acquired lock");
  EXPECT_EQ(message_of<RuntimeError>([&] { condition.release(); }), "Lock is not acquired.");
}

TEST_F(ConditionTest, WaitForLooksAgainUntilItHolds) {
  int stock = 0;
  const auto main = [&]() -> Coro<> {
    const Condition condition;
    const auto wait = [&]() -> Coro<int> {
      const auto held = co_await condition.scoped();
      co_return co_await condition.wait_for([&] {
        note("looks");
        return stock >= 3 ? stock : 0;
      });
    };
    const Task<int> waiter = create_task(wait());
    for (stock = 1; stock < 4; ++stock) {
      co_await sleep(0s);
      co_await notify(condition, 1);
      co_await sleep(0s);
      co_await sleep(0s);
      if (waiter.done()) break;
    }
    EXPECT_EQ(co_await waiter, 3);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"looks", "looks", "looks", "looks"}))
      << "when it comes, and once a notification";
}

TEST_F(ConditionTest, WaitForNeedsNoTurnWhereItHolds) {
  const auto main = [&]() -> Coro<> {
    const Condition condition;
    const auto held = co_await condition.scoped();
    const std::uint64_t turn = loop->turns();
    EXPECT_EQ(co_await condition.wait_for([] { return 7; }), 7);
    EXPECT_EQ(loop->turns(), turn);
  };
  run(main());
}

TEST_F(ConditionTest, ACancelledWaiterHasTheLockWhenItGoesOn) {
  const auto main = [&]() -> Coro<> {
    const Condition condition;
    const auto wait = [&]() -> Coro<> {
      const auto held = co_await condition.scoped();
      try {
        co_await condition.wait();
      } catch (const CancelledError& error) {
        note(std::string(error.what()) + (condition.locked() ? ", locked" : ""));
        throw;
      }
    };
    const Task<> waiter = create_task(wait());
    co_await sleep(0s);
    {
      const auto held = co_await condition.scoped();
      waiter.cancel("enough");
      co_await sleep(0s);
      co_await sleep(0s);
      EXPECT_FALSE(waiter.done()) << "it waits for the lock";
    }
    EXPECT_TRUE(co_await is_cancelled(waiter));
    EXPECT_FALSE(condition.locked());
  };
  run(main());
  EXPECT_EQ(notes, Notes{"enough, locked"});
}

TEST_F(ConditionTest, ACancellationWhileItTakesTheLockAgainDoesNotStopThat) {
  const auto main = [&]() -> Coro<> {
    const Condition condition;
    const Task<> waiter = create_task(wait(condition, "never"));
    co_await sleep(0s);
    co_await condition.acquire();
    condition.notify();
    co_await sleep(0s);
    waiter.cancel("first");
    co_await sleep(0s);
    waiter.cancel("second");
    co_await sleep(0s);
    EXPECT_FALSE(waiter.done());
    condition.release();
    try {
      co_await waiter;
    } catch (const CancelledError& error) {
      note(error.what());
    }
    EXPECT_FALSE(condition.locked());
  };
  run(main());
  EXPECT_EQ(notes, Notes{"second"}) << "the most recent cancellation";
}

// What a notification announced must not be lost with the one who is cancelled.
TEST_F(ConditionTest, ANotificationOfWhoIsCancelledIsPassedOn) {
  int stock = 0;
  const auto main = [&]() -> Coro<> {
    const Condition condition;
    const Task<> first = create_task(consume(condition, stock));
    const Task<> second = create_task(consume(condition, stock));
    co_await sleep(0s);
    co_await condition.acquire();
    stock = 1;
    condition.notify();
    first.cancel();
    condition.release();
    for (int turn = 0; turn < 10; ++turn) co_await sleep(0s);
    EXPECT_TRUE(first.cancelled());
    EXPECT_EQ(stock, 0) << "the second consumer was told";
    co_await condition.acquire();
    stock = -1;
    condition.notify_all();
    condition.release();
    co_await second;
  };
  run(main());
}

TEST_F(ConditionTest, ANotificationOfWhoIsCancelledWhileItTakesTheLockIsPassedOn) {
  int stock = 0;
  const auto main = [&]() -> Coro<> {
    const Condition condition;
    const Task<> first = create_task(consume(condition, stock));
    const Task<> second = create_task(consume(condition, stock));
    co_await sleep(0s);
    co_await condition.acquire();
    stock = 1;
    condition.notify();
    co_await sleep(0s);  // now it waits for the lock
    first.cancel();
    condition.release();
    for (int turn = 0; turn < 10; ++turn) co_await sleep(0s);
    EXPECT_TRUE(first.cancelled());
    EXPECT_EQ(stock, 0) << "the second consumer was told";
    co_await condition.acquire();
    stock = -1;
    condition.notify_all();
    condition.release();
    co_await second;
  };
  run(main());
}

TEST_F(ConditionTest, WithALockOfAnotherLoopNobodyCanWait) {
  const Lock lock;
  const auto hold = [&]() -> Coro<> {
    const Task<bool> waiter = create_task(lock.acquire());
    co_await lock.acquire();
    co_await sleep(0s);
    waiter.cancel();
    EXPECT_TRUE(co_await is_cancelled(waiter));
    lock.release();
  };
  run(hold());  // now the lock is this loop's
  const std::unique_ptr<EventLoop> other = make_loop();
  const Condition condition(lock);
  const auto wait = [&](std::string name) -> Coro<> {
    const auto held = co_await condition.scoped();
    note(std::move(name));
    co_await sleep(0s);
  };
  const auto main = [&]() -> Coro<> {
    const Task<> other_one = create_task(wait("never"));
    co_await wait("mine");  // it is free, and nobody has to wait
    co_await other_one;
  };
  EXPECT_EQ(unnumbered(message_of<RuntimeError>([&] { other->run_until_complete(main()); })),
            "<Lock [locked]> is bound to a different event loop");
  EXPECT_EQ(notes, Notes{"mine"});
}

TEST_F(ConditionTest, TwoMayShareALock) {
  const auto main = [&]() -> Coro<> {
    const Lock lock;
    const Condition full(lock);
    const Condition empty(lock);
    co_await full.acquire();
    EXPECT_TRUE(lock.locked());
    EXPECT_TRUE(empty.locked());
    empty.release();
    EXPECT_FALSE(full.locked());
  };
  run(main());
}

TEST_F(ConditionTest, ALoopMayEndWhileItIsWaitedFor) {
  {
    const Condition condition;
    loop->create_task(wait(condition, "a"));
    loop->create_task(wait(condition, "b"));
  }
  turns(2);
  loop.reset();
}

}  // namespace
}  // namespace asyncio
