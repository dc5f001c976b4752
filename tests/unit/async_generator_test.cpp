#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class AsyncGeneratorTest : public LoopTest {
 public:
  // Gives 1 .. `last`, one a second, and notes how it ends.
  AsyncGenerator<int> count(int last) {
    try {
      for (int number = 1; number <= last; ++number) {
        co_await sleep(1s);
        co_yield number;
      }
      note("counted");
    } catch (const GeneratorExit&) {
      note("closed");
      throw;
    } catch (const CancelledError&) {
      note("cancelled");
      throw;
    }
  }
  // Awaits while it is closed.
  AsyncGenerator<int> cleans_up_slowly() {
    try {
      for (int number = 1;; ++number) co_yield number;
    } catch (const GeneratorExit&) {
      note("cleaning up");
    }
    co_await sleep(1s);
    note("clean at " + std::to_string(now() / 1s) + " s");
  }
  void note_value(const std::optional<int>& value) {
    note(value ? std::to_string(*value) : "the end");
  }
};

TEST_F(AsyncGeneratorTest, GivesItsValuesInOrderAndThenNothing) {
  const auto main = [&]() -> Coro<> {
    AsyncGenerator<int> numbers = count(3);
    while (const std::optional<int> number = co_await numbers.next()) note_value(number);
    note_value(co_await numbers.next());
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1", "2", "3", "counted", "the end"}));
  EXPECT_EQ(now(), 3s);
}

TEST_F(AsyncGeneratorTest, TakesNoTurnForAValueThatItNeedNotWaitFor) {
  const auto three = []() -> AsyncGenerator<int> {
    co_yield 1;
    co_yield 2;
    co_yield 3;
  };
  const auto main = [&]() -> Coro<> {
    auto numbers = three();
    while (auto number = co_await numbers.next()) note_value(number);
  };
  const Task<> task = loop->create_task(main());
  turns(1);
  EXPECT_TRUE(task.done());
  EXPECT_EQ(notes, (Notes{"1", "2", "3"}));
}

TEST_F(AsyncGeneratorTest, DoesNotBeginBeforeItIsAsked) {
  const auto main = [&]() -> Coro<> {
    AsyncGenerator<int> numbers = count(1);
    note("made");
    co_await sleep(5s);
  };
  run(main());  // and nobody minds that it never begins
  EXPECT_EQ(notes, Notes{"made"});
}

TEST_F(AsyncGeneratorTest, ValuesMayBeMoveOnlyAndMayLackADefaultConstructor) {
  struct Named {
    explicit Named(std::string name) : name(std::make_unique<std::string>(std::move(name))) {}
    std::unique_ptr<std::string> name;
  };
  const auto names = []() -> AsyncGenerator<Named> {
    co_yield Named("Ada");
    Named grace("Grace");
    co_yield std::move(grace);
  };
  const auto main = [&]() -> Coro<> {
    auto all = names();
    while (auto one = co_await all.next()) note(*one->name);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"Ada", "Grace"}));
}

TEST_F(AsyncGeneratorTest, ExceptionGoesToWhoAsksAndEndsIt) {
  const auto fails = []() -> AsyncGenerator<int> {
    co_yield 1;
    throw std::runtime_error("no more");
  };
  const auto main = [&]() -> Coro<> {
    auto numbers = fails();
    note_value(co_await numbers.next());
    try {
      co_await numbers.next();
    } catch (const std::runtime_error& error) {
      note(error.what());
    }
    note_value(co_await numbers.next());
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1", "no more", "the end"}));
}

TEST_F(AsyncGeneratorTest, CancellingWhoWaitsIsThrownWhereTheGeneratorWaits) {
  const auto main = [&]() -> Coro<> {
    AsyncGenerator<int> numbers = count(3);
    try {
      co_await numbers.next();
      co_await numbers.next();
    } catch (const CancelledError& error) {
      note(error.what());
    }
    note_value(co_await numbers.next());  // it has ended
  };
  const Task<> task = loop->create_task(main());
  loop->call_later(1500ms, [&] { task.cancel("enough"); });
  loop->run_until_complete<void>(task);
  EXPECT_EQ(notes, (Notes{"cancelled", "enough", "the end"}));
}

TEST_F(AsyncGeneratorTest, OnlyOneMayAwaitItAtATime) {
  const auto main = [&]() -> Coro<> {
    AsyncGenerator<int> numbers = count(2);
    const Task<std::optional<int>> first = create_task(anext(numbers));
    co_await sleep(0s);
    const auto refusal = [&](auto action) -> Coro<> {
      try {
        co_await action();
      } catch (const RuntimeError& error) {
        note(error.what());
      }
    };
    co_await refusal([&] { return numbers.next(); });
    co_await refusal([&] { return numbers.athrow(std::runtime_error("no")); });
    co_await refusal([&] { return numbers.aclose(); });
    note_value(co_await first);
    note_value(co_await numbers.next());
    co_await numbers.aclose();
  };
  run(main());
  EXPECT_EQ(notes,
            (Notes{"anext(): asynchronous generator is already running",
                   "athrow(): asynchronous generator is already running",
                   "aclose(): asynchronous generator is already running", "1", "2", "closed"}));
}

TEST_F(AsyncGeneratorTest, SendGivesTheYieldAValue) {
  const auto echo = [&]() -> AsyncGenerator<std::string, int> {
    std::string answer = "ready";
    for (;;) {
      const std::optional<int> sent = co_yield answer;
      answer = sent ? "got " + std::to_string(*sent) : "got nothing";
    }
  };
  const auto main = [&]() -> Coro<> {
    auto talk = echo();
    try {
      co_await talk.asend(1);
    } catch (const TypeError& error) {
      note(error.what());
    }
    note(*co_await talk.next());
    note(*co_await talk.asend(7));
    note(*co_await talk.next());
    co_await talk.aclose();
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"can't send non-None value to a just-started async generator", "ready",
                          "got 7", "got nothing"}));
}

TEST_F(AsyncGeneratorTest, ThrowIsThrownByTheYieldAndMayBeAnswered) {
  const auto stubborn = [&]() -> AsyncGenerator<int> {
    for (int number = 1;; ++number) {
      try {
        co_yield number;
      } catch (const std::runtime_error& error) {
        note(std::string("caught ") + error.what());
      }
    }
  };
  const auto main = [&]() -> Coro<> {
    auto numbers = stubborn();
    note_value(co_await numbers.next());
    note_value(co_await numbers.athrow(std::runtime_error("this")));
    try {
      co_await numbers.athrow(std::logic_error("that"));
    } catch (const std::logic_error& error) {
      note(error.what());
    }
    note_value(co_await numbers.athrow(std::runtime_error("too late")));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1", "caught this", "2", "that", "the end"}));
}

TEST_F(AsyncGeneratorTest, ThrownIntoBeforeItBeginsItNeverBegins) {
  const auto main = [&]() -> Coro<> {
    AsyncGenerator<int> numbers = count(1);
    try {
      co_await numbers.athrow(std::runtime_error("at once"));
    } catch (const std::runtime_error& error) {
      note(error.what());
    }
    note_value(co_await numbers.next());
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"at once", "the end"}));
}

TEST_F(AsyncGeneratorTest, CloseRunsItsCleanUpToTheEnd) {
  const auto main = [&]() -> Coro<> {
    AsyncGenerator<int> numbers = cleans_up_slowly();
    co_await numbers.next();
    co_await numbers.aclose();
    note("closed");
    co_await numbers.aclose();  // again: nothing happens
    note_value(co_await numbers.next());
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"cleaning up", "clean at 1 s", "closed", "the end"}));
}

TEST_F(AsyncGeneratorTest, ClosedBeforeItBeginsItNeverBegins) {
  const auto main = [&]() -> Coro<> {
    AsyncGenerator<int> numbers = count(1);
    co_await numbers.aclose();
    note_value(co_await numbers.next());
  };
  run(main());
  EXPECT_EQ(notes, Notes{"the end"});
}

TEST_F(AsyncGeneratorTest, MayNotYieldWhileItIsClosed) {
  const auto clings = []() -> AsyncGenerator<int> {
    try {
      co_yield 1;
    } catch (const GeneratorExit&) {
    }
    co_yield 2;
  };
  const auto main = [&]() -> Coro<> {
    auto numbers = clings();
    co_await numbers.next();
    try {
      co_await numbers.aclose();
    } catch (const RuntimeError& error) {
      note(error.what());
    }
  };
  run(main());
  EXPECT_EQ(notes, Notes{"async generator ignored GeneratorExit"});
}

TEST_F(AsyncGeneratorTest, DroppedHalfWayItIsClosedByTheLoopInATaskOfItsOwn) {
  const auto main = [&]() -> Coro<> {
    {
      AsyncGenerator<int> numbers = cleans_up_slowly();
      co_await numbers.next();
    }
    note("dropped");
    co_await sleep(0s);
    note("next turn");
    co_await sleep(0s);
    note("turn after");
    co_await sleep(2s);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"dropped", "next turn", "cleaning up", "turn after", "clean at 1 s"}));
}

TEST_F(AsyncGeneratorTest, DroppedHalfWayAndTheLoopEndsItsLocalsGoWithoutGeneratorExit) {
  struct Local {
    AsyncGeneratorTest* test;
    ~Local() { test->note("local gone"); }
  };
  const auto forever = [&]() -> AsyncGenerator<int> {
    const Local local{this};
    try {
      for (;;) co_yield 1;
    } catch (const GeneratorExit&) {
      note("closed");
    }
  };
  const auto main = [&]() -> Coro<> {
    auto numbers = forever();
    co_await numbers.next();
  };
  run(main());
  EXPECT_EQ(notes, Notes{});
  loop.reset();
  EXPECT_EQ(notes, Notes{"local gone"});
  messages();  // that the task which was to close it never ran
}

TEST_F(AsyncGeneratorTest, OutlivesItsLoop) {
  std::optional<AsyncGenerator<int>> numbers(count(2));
  const auto main = [&]() -> Coro<> { note_value(co_await numbers->next()); };
  run(main());
  loop.reset();
  numbers.reset();
  EXPECT_EQ(notes, Notes{"1"});
}

TEST_F(AsyncGeneratorTest, GoesWithTheTaskThatAwaitsIt) {
  const auto main = [&]() -> Coro<> {
    AsyncGenerator<int> numbers = count(1);
    co_await numbers.next();
  };
  const Task<> task = loop->create_task(main());
  turns(2);
  EXPECT_FALSE(task.done());
  loop->close();
  loop.reset();
  EXPECT_EQ(notes, Notes{});
  messages();  // that the task was still pending
}

TEST_F(AsyncGeneratorTest, ShutdownClosesAllThatWereBegunAtOnce) {
  std::vector<AsyncGenerator<int>> generators;
  const auto main = [&]() -> Coro<> {
    for (int index = 0; index < 3; ++index) generators.push_back(cleans_up_slowly());
    generators.push_back(count(1));  // never begun
    for (int index = 0; index < 3; ++index) co_await generators[index].next();
  };
  run(main());
  loop->run_until_complete(loop->shutdown_asyncgens());
  EXPECT_EQ(notes, (Notes{"cleaning up", "cleaning up", "cleaning up", "clean at 1 s",
                          "clean at 1 s", "clean at 1 s"}));
  EXPECT_EQ(now(), 1s);
  generators.clear();
}

TEST_F(AsyncGeneratorTest, ShutdownReportsWhatTheyThrow) {
  const auto breaks = []() -> AsyncGenerator<int> {
    try {
      co_yield 1;
    } catch (const GeneratorExit&) {
      throw std::runtime_error("cannot close");
    }
  };
  auto numbers = breaks();
  const auto main = [&]() -> Coro<> { co_await numbers.next(); };
  run(main());
  loop->run_until_complete(loop->shutdown_asyncgens());
  EXPECT_EQ(messages(),
            Messages{"error: an error occurred during closing of asynchronous generator "
                     "<async_generator object lambda> | "
                     "<async_generator object lambda> | "
                     "std::runtime_error: cannot close"});
}

TEST_F(AsyncGeneratorTest, OneThatBeginsAfterTheShutdownIsWarnedAbout) {
  loop->run_until_complete(loop->shutdown_asyncgens());
  const auto main = [&]() -> Coro<> {
    AsyncGenerator<int> numbers = count(1);
    while (co_await numbers.next()) {
    }
  };
  run(main());
  EXPECT_EQ(messages(),
            Messages{"warning: asynchronous generator <async_generator object count> was "
                     "scheduled after loop.shutdown_asyncgens() call"});
}

TEST_F(AsyncGeneratorTest, MayAwaitOtherGenerators) {
  const auto doubled = [&](int last) -> AsyncGenerator<int> {
    AsyncGenerator<int> numbers = count(last);
    while (const auto number = co_await numbers.next()) co_yield 2 * *number;
  };
  const auto main = [&]() -> Coro<> {
    auto numbers = doubled(3);
    while (const auto number = co_await numbers.next()) note_value(number);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"2", "4", "6", "counted"}));
}

}  // namespace
}  // namespace asyncio
