// Events: a flag to wait for.
#include "support/loop_test.hpp"
#include "support/shared_things.hpp"

namespace asyncio {
namespace {

class EventTest : public LoopTest {
 public:
  Coro<> wait(Event event, std::string name) {
    EXPECT_TRUE(co_await event.wait());
    note(std::move(name));
  }
};

TEST_F(EventTest, IsNotSetAtFirst) {
  const Event event;
  EXPECT_FALSE(event.is_set());
  event.set();
  EXPECT_TRUE(event.is_set());
  event.set();
  EXPECT_TRUE(event.is_set());
  event.clear();
  EXPECT_FALSE(event.is_set());
  event.clear();
  EXPECT_FALSE(event.is_set());
}

TEST_F(EventTest, SettingItWakesAllWhoWaitInTheOrderOfComing) {
  const auto main = [&]() -> Coro<> {
    const Event event;
    const Task<> a = create_task(wait(event, "a"));
    const Task<> b = create_task(wait(event, "b"));
    const Task<> c = create_task(wait(event, "c"));
    co_await sleep(0s);
    EXPECT_EQ(notes, Notes{});
    event.set();
    EXPECT_EQ(notes, Notes{}) << "they go on in the next turn";
    co_await sleep(0s);
    EXPECT_EQ(notes, (Notes{"a", "b", "c"}));
  };
  run(main());
}

TEST_F(EventTest, WaitingForWhatIsSetTakesNoTurn) {
  const auto main = [&]() -> Coro<> {
    const Event event;
    event.set();
    const std::uint64_t turn = loop->turns();
    co_await wait(event, "a");
    EXPECT_EQ(loop->turns(), turn);
  };
  run(main());
}

TEST_F(EventTest, WhoWasWokenGoesOnAlsoWhenItIsClearedBefore) {
  const auto main = [&]() -> Coro<> {
    const Event event;
    const Task<> a = create_task(wait(event, "a"));
    co_await sleep(0s);
    event.set();
    event.clear();
    const Task<> b = create_task(wait(event, "b"));
    co_await sleep(0s);
    EXPECT_EQ(notes, Notes{"a"});
    event.set();
    co_await b;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a", "b"}));
}

TEST_F(EventTest, ACancelledWaiterLeavesTheLine) {
  const auto main = [&]() -> Coro<> {
    const Event event;
    const Task<> a = create_task(wait(event, "a"));
    const Task<> b = create_task(wait(event, "b"));
    co_await sleep(0s);
    a.cancel();
    EXPECT_TRUE(co_await is_cancelled(a));
    EXPECT_EQ(unnumbered(to_string(event)), "<Event [unset, waiters:1]>");
    event.set();
    co_await b;
    EXPECT_EQ(unnumbered(to_string(event)), "<Event [set]>");
  };
  run(main());
  EXPECT_EQ(notes, Notes{"b"});
}

TEST_F(EventTest, IsBoundToTheLoopInWhichItIsFirstWaitedFor) {
  const Event event;
  const auto main = [&]() -> Coro<> {
    const Task<> waiter = create_task(wait(event, "a"));
    co_await sleep(0s);
    event.set();
    co_await waiter;
    event.clear();
  };
  run(main());
  const std::unique_ptr<EventLoop> other = make_loop();
  EXPECT_EQ(
      unnumbered(message_of<RuntimeError>([&] { other->run_until_complete(wait(event, "b")); })),
      "<Event [unset]> is bound to a different event loop");
}

TEST_F(EventTest, CanBeSetByACallback) {
  const auto main = [&]() -> Coro<> {
    const Event event;
    loop->call_later(1s, [event] { event.set(); });
    co_await event.wait();
  };
  run(main());
  EXPECT_EQ(now(), 1s);
}

TEST_F(EventTest, ALoopMayEndWhileItIsWaitedFor) {
  {
    const Event event;
    loop->create_task(wait(event, "a"));
    loop->create_task(wait(event, "b"));
  }
  turns(1);
  loop.reset();
}

}  // namespace
}  // namespace asyncio
