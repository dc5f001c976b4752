#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class ShieldTest : public LoopTest {
 public:
  Coro<int> after(Duration delay, int value) {
    co_await sleep(delay);
    note("done");
    co_return value;
  }
  Coro<int> fails(Duration delay) {
    co_await sleep(delay);
    throw std::runtime_error("no");
  }
  // Awaits it in a task of its own.
  Coro<int> awaits(Future<int> future) { co_return co_await future; }
};

TEST_F(ShieldTest, GivesResultsAndExceptions) {
  const auto main = [&]() -> Coro<> {
    EXPECT_EQ(co_await shield(after(1s, 7)), 7);
    EXPECT_THROW(co_await shield(fails(1s)), std::runtime_error);
  };
  run(main());
}

TEST_F(ShieldTest, CancellingWhoAwaitsItDoesNotReachWhatIsShielded) {
  const auto main = [&]() -> Coro<> {
    const Task<int> inner = create_task(after(2s, 7));
    const Task<int> outer = create_task(awaits(shield(inner)));
    co_await sleep(1s);
    outer.cancel("enough");
    EXPECT_THROW(co_await outer, CancelledError);
    EXPECT_EQ(now(), 1s);
    EXPECT_EQ(co_await inner, 7);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"done"});
}

TEST_F(ShieldTest, CancellingWhatIsShieldedCancelsIt) {
  const auto main = [&]() -> Coro<> {
    const Task<int> inner = create_task(after(2s, 7));
    const Future<int> outer = shield(inner);
    co_await sleep(1s);
    inner.cancel("inner");
    try {
      co_await outer;
    } catch (const CancelledError& error) {
      note(std::string("cancelled") + error.what());
    }
    EXPECT_TRUE(outer.cancelled());
  };
  run(main());
  EXPECT_EQ(notes, Notes{"cancelled"}) << "its message is not passed on";
}

TEST_F(ShieldTest, OfWhatIsDoneIsThatItself) {
  const auto main = [&]() -> Coro<> {
    const Task<int> inner = create_task(after(0s, 7));
    co_await inner;
    EXPECT_EQ(shield(inner), inner);
  };
  run(main());
}

TEST_F(ShieldTest, IsDoneOneTurnLater) {
  const Future<int> inner = loop->create_future<int>();
  std::optional<Future<int>> outer;
  loop->call_soon([&] { outer = shield(inner); });
  turns(1);
  inner.set_result(7);
  EXPECT_FALSE(outer->done());
  turns(1);
  EXPECT_EQ(outer->result(), 7);
}

TEST_F(ShieldTest, CancelledWhileWhatItShieldsFailsItTakesTheExceptionWithIt) {
  const Future<int> inner = loop->create_future<int>();
  std::optional<Future<int>> outer;
  loop->call_soon([&] { outer = shield(inner); });
  turns(1);
  outer->cancel();
  inner.set_exception(std::runtime_error("lost"));
  turns(2);
  EXPECT_TRUE(outer->cancelled());
  EXPECT_EQ(messages(), Messages{}) << "both in one turn: the shield has seen it";
}

TEST_F(ShieldTest, ExceptionAfterItWasCancelledIsReported) {
  const auto main = [&]() -> Coro<> {
    const Task<int> outer = create_task(awaits(shield(fails(2s))));
    co_await sleep(1s);
    outer.cancel();
    co_await sleep(2s);
  };
  run(main());
  const Messages said = messages();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_TRUE(said[0].starts_with("error: Task exception was never retrieved")) << said[0];
}

TEST_F(ShieldTest, OfAGatherKeepsItsChildren) {
  const auto main = [&]() -> Coro<> {
    const Future<int> a = loop->create_future<int>(), b = loop->create_future<int>();
    const auto inner = gather(a, b);
    const auto outer = shield(Future<std::tuple<int, int>>(inner));
    co_await sleep(0s);
    outer.cancel();
    co_await sleep(0s);
    EXPECT_TRUE(outer.cancelled());
    a.set_result(1);
    b.set_result(2);
    EXPECT_EQ(co_await inner, std::tuple(1, 2));
  };
  run(main());
}

TEST_F(ShieldTest, InAGatherKeepsWhatIsShielded) {
  const auto main = [&]() -> Coro<> {
    const Future<int> a = loop->create_future<int>(), b = loop->create_future<int>();
    const auto outer = gather(shield(a), shield(b));
    co_await sleep(0s);
    outer.cancel();
    EXPECT_THROW(co_await outer, CancelledError);
    EXPECT_FALSE(a.done());
    EXPECT_FALSE(b.done());
  };
  run(main());
}

TEST_F(ShieldTest, NeedsARunningLoopForACoroutine) {
  Coro<int> coro = after(0s, 1);
  EXPECT_EQ(message_of<RuntimeError>([&] { static_cast<void>(shield(std::move(coro))); }),
            "no running event loop");
  EXPECT_EQ(messages(), Messages{"warning: coroutine 'after' was never awaited"});
}

TEST_F(ShieldTest, PendingOneEndsWithItsLoop) {
  const auto main = [&]() -> Coro<> {
    static_cast<void>(shield(loop->create_future<int>()));
    co_await shield(after(1h, 7));
  };
  loop->create_task(main());
  turns(3);
}

TEST_F(ShieldTest, HeldOneOutlivesItsLoop) {
  std::optional<Future<int>> outer;
  loop->call_soon([&] { outer = shield(after(1h, 7)); });
  turns(3);
  loop.reset();
  EXPECT_TRUE(outer->cancel());
}

}  // namespace
}  // namespace asyncio
