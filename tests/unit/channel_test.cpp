#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class ChannelTest : public LoopTest {
 public:
  template <class T>
  static Coro<> sends(LoopTest& test, MemorySendChannel<T> sender, int from, int to) {
    for (int value = from; value <= to; ++value) {
      co_await sender.send(value);
      test.note("sent " + std::to_string(value));
    }
  }
  static Coro<> receives(LoopTest& test, MemoryReceiveChannel<int> receiver) {
    while (const std::optional<int> value = co_await receiver.next())
      test.note("got " + std::to_string(*value));
    test.note("end");
  }
  template <class T>
  Coro<> attempt(std::string name, Coro<T> coro) {
    try {
      co_await coro;
      note(name + " ready");
    } catch (...) {
      note(name + " " + describe_type(std::current_exception()));
    }
  }
};

TEST_F(ChannelTest, GivesValuesInTheOrderInWhichTheyWereSent) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(3);
    const std::uint64_t before = loop->turns();
    for (int value = 1; value <= 3; ++value) co_await sender.send(value);
    for (int value = 1; value <= 3; ++value) EXPECT_EQ(co_await receiver.receive(), value);
    EXPECT_EQ(loop->turns(), before) << "nobody had to wait";
  };
  run(main());
}

TEST_F(ChannelTest, FullOneMakesSendersWait) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(1);
    co_await gather(sends(*this, std::move(sender), 1, 3), receives(*this, std::move(receiver)));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"sent 1", "got 1", "got 2", "sent 2", "sent 3", "got 3", "end"}));
}

TEST_F(ChannelTest, WithoutCapacityEachValueWaitsForItsReceiver) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(0);
    EXPECT_THROW(sender.send_nowait(1), WouldBlock);
    const Task<> sending = create_task(sends(*this, std::move(sender), 1, 2));
    co_await sleep(1s);
    EXPECT_EQ(notes, Notes{});
    EXPECT_EQ(receiver.receive_nowait(), 1);
    EXPECT_THROW(receiver.receive_nowait(), WouldBlock) << "the sender has not gone on yet";
    EXPECT_EQ(co_await receiver.receive(), 2);
    co_await sending;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"sent 1", "sent 2"}));
}

TEST_F(ChannelTest, ValueGoesToTheReceiverThatHasWaitedLongest) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(0);
    const auto receives_one = [&](std::string name) -> Coro<> {
      const int value = co_await receiver.receive();
      note(name + std::to_string(value));
    };
    const auto all = gather(receives_one("a"), receives_one("b"));
    co_await sleep(0s);
    EXPECT_EQ(receiver.statistics().tasks_waiting_receive, 2U);
    sender.send_nowait(1);
    sender.send_nowait(2);
    EXPECT_EQ(receiver.statistics().tasks_waiting_receive, 0U);
    EXPECT_THROW(receiver.receive_nowait(), WouldBlock) << "they are on their way";
    co_await all;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a1", "b2"}));
}

TEST_F(ChannelTest, EndsWhenTheLastSenderIsClosed) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(10);
    std::vector<Coro<>> senders;
    senders.push_back(sends(*this, sender.clone(), 1, 1));
    senders.push_back(sends(*this, sender.clone(), 2, 2));
    EXPECT_EQ(receiver.statistics().open_send_channels, 3U);
    sender.close();
    const Task<> receiving = create_task(receives(*this, std::move(receiver)));
    co_await gather(std::move(senders));
    co_await receiving;
  };
  run(main());
  EXPECT_EQ(notes.back(), "end");
  EXPECT_EQ(notes.size(), 5U);
}

TEST_F(ChannelTest, EndOfChannelComesAfterWhatIsLeft) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(10);
    co_await sender.send(1);
    sender.close();
    EXPECT_EQ(co_await receiver.receive(), 1);
    EXPECT_THROW(co_await receiver.receive(), EndOfChannel);
    EXPECT_THROW(receiver.receive_nowait(), EndOfChannel);
  };
  run(main());
}

TEST_F(ChannelTest, WithoutReceiversSendingThrowsBrokenResourceError) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(1);
    co_await sender.send(1);
    const Task<> waiting = create_task(attempt("send", sender.send(2)));
    co_await sleep(0s);
    receiver.close();
    co_await waiting;
    EXPECT_THROW(sender.send_nowait(3), BrokenResourceError);
    EXPECT_EQ(sender.statistics().current_buffer_used, 0U) << "what nobody can receive is gone";
  };
  run(main());
  EXPECT_EQ(notes, Notes{"send BrokenResourceError"});
}

TEST_F(ChannelTest, ClosedEndThrowsClosedResourceErrorAlsoToWhoWaitsAtIt) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(0);
    auto other_sender = sender.clone();
    auto other_receiver = receiver.clone();
    const Task<> sending = create_task(attempt("send", sender.send(1)));
    const Task<> other = create_task(attempt("other send", other_sender.send(2)));
    co_await sleep(0s);
    sender.close();
    sender.close();
    co_await sending;
    EXPECT_THROW(sender.send_nowait(1), ClosedResourceError);
    EXPECT_THROW(static_cast<void>(sender.clone()), ClosedResourceError);
    EXPECT_EQ(receiver.receive_nowait(), 2);
    co_await other;
    const Task<> receiving = create_task(attempt("receive", receiver.receive()));
    co_await sleep(0s);
    receiver.close();
    co_await receiving;
    EXPECT_THROW(receiver.receive_nowait(), ClosedResourceError);
    EXPECT_THROW(other_receiver.receive_nowait(), WouldBlock);
  };
  run(main());
  EXPECT_EQ(notes,
            (Notes{"send ClosedResourceError", "other send ready", "receive ClosedResourceError"}));
}

TEST_F(ChannelTest, EndIsClosedWhenItIsDestroyed) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(1);
    const Task<> receiving = create_task(receives(*this, std::move(receiver)));
    {
      const auto mine = std::move(sender);
      co_await mine.send(1);
      co_await sleep(1s);
    }
    co_await receiving;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"got 1", "end"}));
}

TEST_F(ChannelTest, CancelledSenderHasNotSent) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(0);
    const Task<> first = create_task(attempt("first", sender.send(1)));
    const Task<> second = create_task(attempt("second", sender.send(2)));
    co_await sleep(0s);
    first.cancel();
    EXPECT_EQ(receiver.receive_nowait(), 2) << "though the first has not gone yet";
    co_await first;
    co_await second;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"first CancelledError", "second ready"}));
}

TEST_F(ChannelTest, ReceiverThatIsCancelledTogetherWithItsValueKeepsIt) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(0);
    const auto receives_one = [&]() -> Coro<> {
      const int value = co_await receiver.receive();
      note("got " + std::to_string(value));
      co_await attempt("then", sleep(1s));
    };
    const Task<> receiving = create_task(receives_one());
    co_await sleep(0s);
    sender.send_nowait(1);
    receiving.cancel();
    co_await receiving;
    EXPECT_EQ(receiving.cancelling(), 1U);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"got 1", "then CancelledError"}));
}

TEST_F(ChannelTest, DeadlineThatComesWithTheValueLosesNeither) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(0);
    loop->call_later(1s, [&] { sender.send_nowait(1); });
    const std::optional<int> value = co_await move_on_after(1s, receiver.receive());
    EXPECT_EQ(value, 1);
    co_await sleep(1s);
    EXPECT_EQ(current_task()->cancelling(), 0U);
  };
  run(main());
}

TEST_F(ChannelTest, UnboundedOneTakesEverything) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<std::unique_ptr<int>>(unbounded);
    for (int value = 0; value < 1000; ++value) sender.send_nowait(std::make_unique<int>(value));
    const auto first = co_await receiver.receive();
    EXPECT_EQ(*first, 0);
    EXPECT_EQ(receiver.statistics().current_buffer_used, 999U);
  };
  run(main());
}

TEST_F(ChannelTest, ItsLoopMayEndWhileTasksWaitAtBothEnds) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(0);
    auto [more, rest] = open_memory_channel<int>(0);
    co_await gather(sends(*this, std::move(sender), 1, 3), receives(*this, std::move(rest)),
                    sends(*this, std::move(more), 1, 3), receives(*this, std::move(receiver)));
  };
  for (int count = 0; count < 8; ++count) {
    const auto own = make_loop();
    own->create_task(main());
    for (int turn = 0; turn < count; ++turn) own->turn(0s);
  }
  messages();  // of the tasks that were about to run
}

}  // namespace
}  // namespace asyncio
