// Several co_await in one expression: each begins when the one before it has given its value.
#include <algorithm>
#include <array>
#include <sstream>

#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class AwaitExpressionTest : public LoopTest {
 public:
  struct Point {
    int x, y;
    friend bool operator==(const Point&, const Point&) = default;
  };

  Coro<int> number(int value) {
    co_await sleep(0s);
    note("ran " + std::to_string(value));
    co_return value;
  }
  Coro<int> at_once(int value) {
    note("ran " + std::to_string(value));
    co_return value;
  }
  Coro<int> slow(int value) {
    co_await sleep(1s);
    note("ran " + std::to_string(value));
    co_return value;
  }
  static Coro<int> fails(const char* text) {
    co_await sleep(0s);
    throw std::runtime_error(text);
  }
  static Coro<int> fails_at_once(const char* text) {
    if (text) throw std::runtime_error(text);
    co_return 0;
  }
  Future<int> resolved(int value) {
    const Future<int> future = loop->create_future<int>();
    future.set_result(value);
    return future;
  }
  Future<int> later(int value) {
    const Future<int> future = loop->create_future<int>();
    loop->call_later(1s, [future, value] { future.set_result(value); });
    return future;
  }

  // For values that nobody wants: GCC 12 warns of a cast to void in a coroutine.
  static void use(int) {}

  // Runs `make()`, whose result is a coroutine, and says what it threw.
  template <class F>
  std::string thrown_by(F make) {
    return message_of<std::runtime_error>([&] { run(make()); });
  }
};

TEST_F(AwaitExpressionTest, GivesEachOperandItsOwnValue) {
  const auto main = [&]() -> Coro<> {
    EXPECT_EQ(co_await number(3) + co_await number(4), 7);
    EXPECT_EQ(co_await at_once(3) * 10 + co_await at_once(4), 34);
    EXPECT_EQ(co_await number(3) - co_await at_once(4), -1);
    EXPECT_EQ(co_await number(1) + co_await slow(20) + co_await at_once(300), 321);
  };
  run(main());
  EXPECT_EQ(notes.size(), 9u) << "each ran once";
}

TEST_F(AwaitExpressionTest, RunsOperandsFromLeftToRight) {
  const auto main = [&]() -> Coro<> {
    const Point point{co_await number(1), co_await number(2)};
    note(std::to_string(point.x) + std::to_string(point.y));
    std::ostringstream text;
    text << co_await number(3) << co_await at_once(4) << co_await number(5);
    note(text.str());
    const std::array<int, 2> values{co_await at_once(6), co_await number(7)};
    note(std::to_string(values[0]) + std::to_string(values[1]));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"ran 1", "ran 2", "12", "ran 3", "ran 4", "ran 5", "345", "ran 6",
                          "ran 7", "67"}));
}

TEST_F(AwaitExpressionTest, AwaitsOnlyWhatTheExpressionComesTo) {
  const auto main = [&]() -> Coro<> {
    const int chosen = co_await number(1) ? co_await number(10) : co_await number(20);
    note(std::to_string(chosen));
    if (co_await number(0) && co_await number(2)) note("both");
    if (co_await number(3) || co_await number(4)) note("either");
    if (co_await number(5) < co_await number(6)) note("less");
  };
  run(main());
  EXPECT_EQ(notes,
            (Notes{"ran 1", "ran 10", "10", "ran 0", "ran 3", "either", "ran 5", "ran 6", "less"}));
}

TEST_F(AwaitExpressionTest, PassesArgumentsAndNestedOnes) {
  const auto subtract = [](int a, int b) { return a - b; };
  const auto main = [&]() -> Coro<int> {
    const int difference = subtract(co_await number(9), co_await number(2));
    const int nested = co_await number(co_await number(5) + co_await at_once(1));
    co_return difference * 10 + nested;
  };
  EXPECT_EQ(run(main()), 76);
}

TEST_F(AwaitExpressionTest, ReturnsWhatIsAdded) {
  const auto main = [&]() -> Coro<int> { co_return co_await number(1) + co_await number(2); };
  EXPECT_EQ(run(main()), 3);
}

TEST_F(AwaitExpressionTest, DoesNotBeginTheSecondWhereTheFirstThrows) {
  for (const bool at_end : {false, true}) {
    const auto first = [&] { return at_end ? fails("first") : fails_at_once("first"); };
    EXPECT_EQ(thrown_by([&]() -> Coro<int> { co_return co_await first() + co_await number(1); }),
              "first");
    EXPECT_EQ(thrown_by([&]() -> Coro<Point> {
                const Point point{co_await first(), co_await fails("second")};
                co_return point;
              }),
              "first");
    EXPECT_EQ(
        thrown_by([&]() -> Coro<int> { co_return std::max(co_await first(), co_await number(1)); }),
        "first");
    EXPECT_EQ(thrown_by([&]() -> Coro<int> {
                co_return co_await number(7) + co_await first() + co_await number(1);
              }),
              "first");
  }
  EXPECT_EQ(notes, (Notes{"ran 7", "ran 7"}));
}

TEST_F(AwaitExpressionTest, ThrowsWhatTheSecondThrows) {
  EXPECT_EQ(thrown_by([&]() -> Coro<int> { co_return co_await number(1) + co_await fails("2"); }),
            "2");
  EXPECT_EQ(thrown_by([&]() -> Coro<Point> {
              const Point point{co_await at_once(1), co_await fails_at_once("2")};
              co_return point;
            }),
            "2");
  EXPECT_EQ(notes, (Notes{"ran 1", "ran 1"}));
}

TEST_F(AwaitExpressionTest, LeavesANamedCoroutineAloneWhoseTurnDidNotCome) {
  const auto main = [&]() -> Coro<int> {
    Coro<int> named = number(1);
    try {
      use(co_await fails("first") + co_await named);
    } catch (const std::runtime_error&) {
    }
    co_return co_await named + co_await number(2);
  };
  EXPECT_EQ(run(main()), 3);
}

TEST_F(AwaitExpressionTest, ForgetsACallWhoseResultNobodyAsksFor) {
  // What stands beside it throws; compilers evaluate that before or after.
  const auto throws = []() -> int { throw std::runtime_error("beside"); };
  const auto main = [&]() -> Coro<int> { co_return throws() + co_await at_once(1); };
  EXPECT_EQ(thrown_by(main), "beside");
  const auto failing = [&]() -> Coro<int> { co_return throws() + co_await fails("lost"); };
  EXPECT_FALSE(thrown_by(failing).empty());
  const auto again = [&]() -> Coro<int> {
    try {
      use(co_await at_once(1) + throws());
    } catch (const std::runtime_error&) {
    }
    co_return co_await number(2);
  };
  EXPECT_EQ(run(again()), 2);
}

TEST_F(AwaitExpressionTest, CancelledBetweenTwoEndsThere) {
  Task<> task;
  const Future<int> second = loop->create_future<int>();
  const auto main = [&]() -> Coro<> { use(co_await number(1) + co_await second); };
  const auto before = [&]() -> Coro<> { use(co_await slow(1) + co_await second); };
  const auto both = [&](auto body, Duration when) -> Coro<> {
    task = create_task(body());
    co_await sleep(when);
    task.cancel();
    try {
      co_await task;
    } catch (const CancelledError&) {
      note(second.cancelled() ? "with the second" : "without it");
    }
  };
  run(both(before, 500ms));
  run(both(main, 500ms));
  EXPECT_EQ(notes, (Notes{"without it", "ran 1", "with the second"}));
}

TEST_F(AwaitExpressionTest, CancellationBeforeTheFirstLeavesTheSecondAlone) {
  const Future<int> first = loop->create_future<int>(), second = loop->create_future<int>();
  const auto body = [&]() -> Coro<int> { co_return co_await first + co_await second; };
  const auto main = [&]() -> Coro<> {
    const Task<int> task = create_task(body());
    co_await sleep(0s);
    task.cancel();
    co_await sleep(1s);
    EXPECT_TRUE(task.cancelled());
    EXPECT_FALSE(second.done());
  };
  run(main());
}

TEST_F(AwaitExpressionTest, TakesFuturesAndTasksInPairs) {
  const auto main = [&]() -> Coro<int> {
    const int futures = co_await resolved(1) + co_await later(2);
    const Task<int> task = create_task(number(10));
    const int tasks = co_await task + co_await create_task(number(20));
    const Future<int> failed = loop->create_future<int>();
    failed.set_exception(std::runtime_error("failed"));
    try {
      const Point point{co_await failed, co_await number(99)};
      note(std::to_string(point.x));
    } catch (const std::runtime_error& error) {
      note(error.what());
    }
    co_return futures + tasks;
  };
  EXPECT_EQ(run(main()), 33);
  EXPECT_EQ(notes, (Notes{"ran 10", "ran 20", "failed"}));
}

TEST_F(AwaitExpressionTest, TakesWhatWaitsForOthersInPairs) {
  const auto main = [&]() -> Coro<int> {
    const int sleeps = co_await sleep(1s, 1) + co_await sleep(0s, 2);
    const int limited = co_await wait_for(number(3), 5s) + co_await timeout(5s, number(4));
    const int gathered = std::get<0>(co_await gather(number(5), number(6))) +
                         std::get<1>(co_await gather(number(7), number(8)));
    const int grouped = co_await task_group([&](TaskGroup& group) -> Coro<int> {
                          const Task<int> child = group.create_task(number(9));
                          co_return co_await child + co_await number(10);
                        }) +
                        co_await timeout(1s, [&] { return number(11); });
    const int shielded = co_await shield(number(12)) + *co_await move_on_after(1s, number(13));
    const Task<int> a = create_task(number(14)), b = create_task(number(15));
    const std::vector<Task<int>> both{a, b};
    const std::size_t waited =
        (co_await wait(both)).done.size() + (co_await wait(both)).pending.size();
    EXPECT_EQ(waited, 2u);
    const int joined = std::get<0>(co_await join(number(16))) + co_await number(17);
    co_return sleeps + limited + gathered + grouped + shielded + joined;
  };
  EXPECT_EQ(run(main()), 3 + 7 + 13 + 30 + 25 + 33);
}

TEST_F(AwaitExpressionTest, TakesLocksQueuesAndChannelsInPairs) {
  const auto main = [&]() -> Coro<> {
    Queue<int> queue;
    queue.put_nowait(3);
    queue.put_nowait(4);
    EXPECT_EQ((Point{co_await queue.get(), co_await queue.get()}), (Point{3, 4}));
    loop->call_later(1s, [=] { queue.put_nowait(5); });
    loop->call_later(2s, [=] { queue.put_nowait(6); });
    EXPECT_EQ((Point{co_await queue.get(), co_await queue.get()}), (Point{5, 6}));
    auto [sender, receiver] = open_memory_channel<int>(2);
    sender.send_nowait(7);
    sender.send_nowait(8);
    EXPECT_EQ((Point{co_await receiver.receive(), co_await receiver.receive()}), (Point{7, 8}));
    Lock first, second;
    EXPECT_TRUE(co_await first.acquire() && co_await second.acquire());
    Semaphore semaphore(2);
    EXPECT_TRUE(co_await semaphore.acquire() & co_await semaphore.acquire());
    Event event;
    event.set();
    EXPECT_TRUE(co_await event.wait() == co_await event.wait());
  };
  run(main());
}

AsyncGenerator<int> counts(int from) {
  for (;; ++from) {
    co_await sleep(0s);
    co_yield from;
  }
}
AsyncGenerator<int> counts_at_once(int from) {
  for (; from < 10; ++from) co_yield from;
  throw std::runtime_error("ten");
}

TEST_F(AwaitExpressionTest, TakesTheValuesOfGeneratorsInPairs) {
  const auto main = [&]() -> Coro<> {
    auto waiting = counts(1);
    auto ready = counts_at_once(8);
    EXPECT_EQ((Point{*co_await waiting.next(), *co_await waiting.next()}), (Point{1, 2}));
    EXPECT_EQ(*co_await waiting.next() + *co_await ready.next(), 3 + 8);
    try {
      const std::array<std::optional<int>, 2> values{co_await ready.next(), co_await ready.next()};
      note(std::to_string(values.size()));
    } catch (const std::runtime_error& error) {
      note(error.what());
    }
    EXPECT_FALSE(co_await ready.next());
    co_await waiting.aclose();
  };
  run(main());
  EXPECT_EQ(notes, Notes{"ten"});
}

AsyncGenerator<int, int> adds() {
  const int sum = (co_yield 1).value_or(0) + (co_yield 2).value_or(0);
  co_yield sum;
}

TEST_F(AwaitExpressionTest, YieldsTwiceInOneExpression) {
  const auto main = [&]() -> Coro<> {
    auto sums = adds();
    EXPECT_EQ(co_await sums.next(), 1);
    EXPECT_EQ(co_await sums.asend(10), 2);
    EXPECT_EQ(co_await sums.asend(20), 30);
    co_await sums.aclose();
  };
  run(main());
}

struct Ticket {
  Future<int> future;
  auto operator co_await() const { return detail::FutureAwaiter<int>(future.shared()); }
};

TEST_F(AwaitExpressionTest, TakesWhatOffersOperatorCoAwaitInPairs) {
  const auto main = [&]() -> Coro<int> {
    const Ticket named{later(1)};
    co_return co_await named + co_await Ticket{later(2)};
  };
  EXPECT_EQ(run(main()), 3);
}

TEST_F(AwaitExpressionTest, WaitsAtThePlaceOfEachAwait) {
  std::vector<unsigned> lines;
  const auto line = [&](const Task<int>& task) { lines.push_back(task.get_stack(1)[0].line); };
  constexpr unsigned here = __LINE__;
  const auto body = [&](const Future<int>& first, const Future<int>& second) -> Coro<int> {
    co_return co_await first +  // each on its own line
        co_await second;
  };
  const auto main = [&]() -> Coro<> {
    const Future<int> first = loop->create_future<int>(), second = loop->create_future<int>();
    const Task<int> task = create_task(body(first, second));
    co_await sleep(0s);
    line(task);
    first.set_result(1);
    co_await sleep(1s);
    line(task);
    second.set_result(2);
    co_await task;
  };
  run(main());
  EXPECT_EQ(lines, (std::vector<unsigned>{here + 2, here + 3}));
}

TEST_F(AwaitExpressionTest, IsDestroyedInTheMiddle) {
  const auto main = [&]() -> Coro<> {
    use(co_await number(1) + co_await loop->create_future<int>());
  };
  loop->create_task(main());
  turns(5);
  loop = nullptr;
  EXPECT_EQ(messages().size(), 1u);
  EXPECT_EQ(notes, Notes{"ran 1"});
}

}  // namespace
}  // namespace asyncio
