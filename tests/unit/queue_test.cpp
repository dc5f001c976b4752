// Queues: items on their way from those who put to those who get.
#include <asyncio/queue.hpp>

#include "support/loop_test.hpp"
#include "support/shared_things.hpp"

namespace asyncio {
namespace {

class QueueTest : public LoopTest {
 public:
  // Notes what it got, or that the queue was shut down.
  Coro<> get(Queue<int> queue, std::string name) {
    try {
      const int item = co_await queue.get();
      note(name + ":" + std::to_string(item));
    } catch (const QueueShutDown&) {
      note(name + " shut down");
    }
  }
  Coro<> put(Queue<int> queue, int item) {
    try {
      co_await queue.put(item);
      note("put " + std::to_string(item));
    } catch (const QueueShutDown&) {
      note("put " + std::to_string(item) + " shut down");
    }
  }
  static Coro<> give_turns(int count) {
    for (; count > 0; --count) co_await sleep(0s);
  }
  template <class Q>
  static std::vector<typename Q::value_type> drain(const Q& queue) {
    std::vector<typename Q::value_type> items;
    while (!queue.empty()) items.push_back(queue.get_nowait());
    return items;
  }
};

using Items = std::vector<int>;

TEST_F(QueueTest, GivesOutInTheOrderOfItsKind) {
  const Queue<int> fifo;
  const LifoQueue<int> lifo;
  const PriorityQueue<int> priority;
  for (const Queue<int>& queue : {fifo, Queue<int>(lifo), Queue<int>(priority)})
    for (const int item : {1, 3, 2}) queue.put_nowait(item);
  EXPECT_EQ(drain(fifo), (Items{1, 3, 2}));
  EXPECT_EQ(drain(lifo), (Items{2, 3, 1}));
  EXPECT_EQ(drain(priority), (Items{1, 2, 3}));
}

struct Job {
  int priority;
  int number;
  bool operator<(const Job& other) const { return priority < other.priority; }
};

// As CPython 3.13's heapq gives them out.
TEST_F(QueueTest, EqualPrioritiesComeOutAsInPython) {
  const PriorityQueue<Job> queue;
  const int priorities[] = {3, 1, 2, 1, 3, 2, 1, 1, 2, 3, 1, 2};
  for (int number = 0; number < 12; ++number) queue.put_nowait({priorities[number], number});
  Items numbers;
  while (!queue.empty()) numbers.push_back(queue.get_nowait().number);
  EXPECT_EQ(numbers, (Items{1, 6, 3, 10, 7, 2, 11, 5, 8, 4, 0, 9}));
}

TEST_F(QueueTest, IsFullWhenItHoldsSoMany) {
  const Queue<int> queue(2);
  EXPECT_TRUE(queue.empty());
  queue.put_nowait(1);
  EXPECT_FALSE(queue.full());
  queue.put_nowait(2);
  EXPECT_TRUE(queue.full());
  EXPECT_EQ(queue.qsize(), 2u);
  EXPECT_EQ(queue.maxsize(), 2);
  EXPECT_THROW(queue.put_nowait(3), QueueFull);
  EXPECT_EQ(queue.get_nowait(), 1);
  EXPECT_EQ(queue.get_nowait(), 2);
  EXPECT_THROW(queue.get_nowait(), QueueEmpty);
}

TEST_F(QueueTest, IsNeverFullWithoutALimit) {
  for (const std::int64_t maxsize : {0, -5}) {
    const Queue<int> queue(maxsize);
    for (int item = 0; item < 100; ++item) queue.put_nowait(item);
    EXPECT_FALSE(queue.full());
  }
}

TEST_F(QueueTest, WhatIsThereAndWhatFitsTakesNoTurn) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue(1);
    const std::uint64_t turn = loop->turns();
    co_await queue.put(7);
    EXPECT_EQ(co_await queue.get(), 7);
    EXPECT_EQ(loop->turns(), turn);
  };
  run(main());
}

TEST_F(QueueTest, WhoWaitsGetsItInTheTurnAfterThePut) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue;
    const Task<> getter = create_task(get(queue, "a"));
    co_await give_turns(1);
    queue.put_nowait(7);
    EXPECT_EQ(notes, Notes{});
    co_await give_turns(1);
    EXPECT_EQ(notes, Notes{"a:7"});
  };
  run(main());
}

TEST_F(QueueTest, GettersAreServedInTheOrderOfComing) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue;
    const Task<> a = create_task(get(queue, "a"));
    const Task<> b = create_task(get(queue, "b"));
    const Task<> c = create_task(get(queue, "c"));
    co_await give_turns(1);
    for (const int item : {1, 2, 3}) queue.put_nowait(item);
    co_await gather(a, b, c);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a:1", "b:2", "c:3"}));
}

TEST_F(QueueTest, PuttersAreServedInTheOrderOfComing) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue(1);
    queue.put_nowait(0);
    const Task<> one = create_task(put(queue, 1));
    const Task<> two = create_task(put(queue, 2));
    co_await give_turns(1);
    EXPECT_EQ(notes, Notes{});
    EXPECT_EQ(co_await queue.get(), 0);
    EXPECT_TRUE(queue.empty()) << "the putter goes on in the next turn";
    co_await give_turns(1);
    EXPECT_EQ(notes, Notes{"put 1"});
    EXPECT_EQ(co_await queue.get(), 1);
    co_await give_turns(1);
    EXPECT_EQ(co_await queue.get(), 2);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"put 1", "put 2"}));
}

TEST_F(QueueTest, WhoGetsInBetweenSendsTheWokenOneBackToTheLine) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue;
    const Task<> slow = create_task(get(queue, "slow"));
    co_await give_turns(1);
    queue.put_nowait(1);
    co_await get(queue, "quick");
    co_await give_turns(2);
    EXPECT_FALSE(slow.done());
    queue.put_nowait(2);
    co_await slow;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"quick:1", "slow:2"}));
}

TEST_F(QueueTest, ACancelledGetterPassesItsItemOn) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue;
    const Task<> a = create_task(get(queue, "a"));
    const Task<> b = create_task(get(queue, "b"));
    co_await give_turns(1);
    queue.put_nowait(1);  // wakes a
    a.cancel();
    co_await b;
    EXPECT_TRUE(a.cancelled());
  };
  run(main());
  EXPECT_EQ(notes, Notes{"b:1"});
}

TEST_F(QueueTest, ACancelledPutterPassesItsRoomOn) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue(1);
    queue.put_nowait(0);
    const Task<> one = create_task(put(queue, 1));
    const Task<> two = create_task(put(queue, 2));
    co_await give_turns(1);
    queue.get_nowait();  // wakes one
    one.cancel();
    co_await two;
    EXPECT_TRUE(one.cancelled());
    EXPECT_EQ(queue.get_nowait(), 2);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"put 2"});
}

TEST_F(QueueTest, ManyGettersCancelledAtOnceLoseNoItem) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue(1);
    std::vector<Task<>> getters;
    for (int number = 0; number < 4; ++number)
      getters.push_back(create_task(get(queue, std::to_string(number))));
    co_await give_turns(1);
    queue.put_nowait(7);
    for (int number = 0; number < 3; ++number) getters[number].cancel();
    co_await getters.back();
    EXPECT_TRUE(queue.empty());
  };
  run(main());
  EXPECT_EQ(notes, Notes{"3:7"});
}

TEST_F(QueueTest, ACancelledWaiterLeavesTheLine) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue(1);
    for (int round = 0; round < 3; ++round) {
      const Task<> getter = create_task(get(queue, "never"));
      co_await give_turns(1);
      EXPECT_EQ(unnumbered(to_string(queue)), "<Queue maxsize=1 _getters[1]>");
      getter.cancel();
      EXPECT_TRUE(co_await is_cancelled(getter));
    }
    EXPECT_EQ(unnumbered(to_string(queue)), "<Queue maxsize=1>");
    queue.put_nowait(0);
    const Task<> putter = create_task(put(queue, 1));
    co_await give_turns(1);
    EXPECT_EQ(unnumbered(to_string(queue)), "<Queue maxsize=1 _queue[1] _putters[1] tasks=1>");
    putter.cancel();
    EXPECT_TRUE(co_await is_cancelled(putter));
    EXPECT_EQ(unnumbered(to_string(queue)), "<Queue maxsize=1 _queue[1] tasks=1>");
  };
  run(main());
}

TEST_F(QueueTest, TaskDoneTooOftenThrows) {
  const Queue<int> queue;
  EXPECT_EQ(message_of<ValueError>([&] { queue.task_done(); }),
            "task_done() called too many times");
  queue.put_nowait(1);
  queue.task_done();
  EXPECT_THROW(queue.task_done(), ValueError);
}

TEST_F(QueueTest, JoinWaitsUntilAllIsDone) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue;
    for (int item = 0; item < 10; ++item) queue.put_nowait(item);
    int sum = 0;
    const auto work = [&]() -> Coro<> {
      for (;;) {
        sum += co_await queue.get();
        co_await sleep(1s);
        queue.task_done();
      }
    };
    const Task<> one = create_task(work());
    const Task<> two = create_task(work());
    co_await queue.join();
    EXPECT_EQ(sum, 45);
    EXPECT_EQ(now(), 5s);
    one.cancel();
    two.cancel();
    EXPECT_TRUE(co_await is_cancelled(one));
    EXPECT_TRUE(co_await is_cancelled(two));
  };
  run(main());
}

TEST_F(QueueTest, JoiningWhatIsEmptyTakesNoTurn) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue;
    const std::uint64_t turn = loop->turns();
    co_await queue.join();
    EXPECT_EQ(loop->turns(), turn);
  };
  run(main());
}

TEST_F(QueueTest, ShutDownItGivesOutWhatIsThereAndTakesNothing) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue;
    queue.put_nowait(1);
    queue.shutdown();
    EXPECT_THROW(queue.put_nowait(2), QueueShutDown);
    co_await put(queue, 3);
    co_await get(queue, "a");
    co_await get(queue, "b");
    EXPECT_THROW(queue.get_nowait(), QueueShutDown);
    EXPECT_EQ(unnumbered(to_string(queue)), "<Queue maxsize=0 tasks=1 shutdown>");
    queue.shutdown();
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"put 3 shut down", "a:1", "b shut down"}));
}

TEST_F(QueueTest, ShuttingDownWakesWhoWaits) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> empty;
    const Queue<int> full(1);
    full.put_nowait(0);
    const Task<> getter = create_task(get(empty, "getter"));
    const Task<> putter = create_task(put(full, 1));
    co_await give_turns(1);
    empty.shutdown();
    full.shutdown();
    co_await gather(getter, putter);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"getter shut down", "put 1 shut down"}));
}

TEST_F(QueueTest, ShuttingDownAtOnceDropsWhatIsThereAsDone) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue;
    queue.put_nowait(1);
    queue.put_nowait(2);
    const auto wait = [&]() -> Coro<> {
      co_await queue.join();
      note("joined");
    };
    const Task<> joiner = create_task(wait());
    co_await give_turns(1);
    queue.shutdown(true);
    EXPECT_TRUE(queue.empty());
    EXPECT_THROW(queue.get_nowait(), QueueShutDown);
    co_await joiner;
  };
  run(main());
  EXPECT_EQ(notes, Notes{"joined"});
}

TEST_F(QueueTest, ShuttingDownAtOnceLeavesWhatIsBeingWorkedOn) {
  const auto main = [&]() -> Coro<> {
    const Queue<int> queue;
    queue.put_nowait(1);
    queue.put_nowait(2);
    queue.get_nowait();
    queue.shutdown(true);
    const auto join = [&]() -> Coro<> { co_await queue.join(); };
    const Task<> joiner = create_task(join());
    co_await give_turns(2);
    EXPECT_FALSE(joiner.done());
    queue.task_done();
    co_await joiner;
  };
  run(main());
}

TEST_F(QueueTest, HoldsWhatCannotBeCopied) {
  const auto main = [&]() -> Coro<> {
    const Queue<std::unique_ptr<int>> queue;
    co_await queue.put(std::make_unique<int>(7));
    const std::unique_ptr<int> item = co_await queue.get();
    EXPECT_EQ(*item, 7);
  };
  run(main());
}

TEST_F(QueueTest, IsBoundToTheLoopInWhichItIsFirstWaitedFor) {
  const Queue<int> queue;
  const auto main = [&]() -> Coro<> {
    const Task<> getter = create_task(get(queue, "a"));
    co_await give_turns(1);
    queue.put_nowait(1);
    co_await getter;
  };
  run(main());
  const std::unique_ptr<EventLoop> other = make_loop();
  EXPECT_EQ(
      unnumbered(message_of<RuntimeError>([&] { other->run_until_complete(get(queue, "b")); })),
      "<Queue maxsize=0 tasks=1> is bound to a different event loop");
}

TEST_F(QueueTest, ALoopMayEndWhileItIsWaitedFor) {
  {
    const Queue<int> queue(1);
    queue.put_nowait(1);
    loop->create_task(put(queue, 2));
    loop->create_task(put(queue, 3));
    const Queue<int> empty;
    loop->create_task(get(empty, "a"));
  }
  turns(1);
  loop.reset();
}

}  // namespace
}  // namespace asyncio
