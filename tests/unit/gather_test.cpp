#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class GatherTest : public LoopTest {
 public:
  template <class T>
  Coro<T> after(Duration delay, T value) {
    co_await sleep(delay);
    note("done " + std::to_string(now() / 1s));
    co_return value;
  }
  Coro<int> fails(Duration delay, std::string what) {
    co_await sleep(delay);
    throw std::runtime_error(what);
  }
  Coro<int> cleans_up() {
    try {
      co_await sleep(1h);
    } catch (const CancelledError& error) {
      note(std::string("cancelled ") + error.what());
      throw;
    }
    co_return 0;
  }
};

TEST_F(GatherTest, GivesResultsInTheOrderOfTheArguments) {
  const auto main = [&]() -> Coro<> {
    const auto [three, one, text] =
        co_await gather(after(3s, 3), after(1s, 1), after(2s, std::string("two")));
    EXPECT_EQ(three, 3);
    EXPECT_EQ(one, 1);
    EXPECT_EQ(text, "two");
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"done 1", "done 2", "done 3"}));
  EXPECT_EQ(now(), 3s);
}

TEST_F(GatherTest, TasksAreMadeFromLeftToRight) {
  const auto notes_it = [&](int number) -> Coro<> {
    note(std::to_string(number));
    co_return;
  };
  const auto main = [&]() -> Coro<> { co_await gather(notes_it(1), notes_it(2), notes_it(3)); };
  run(main());
  EXPECT_EQ(notes, (Notes{"1", "2", "3"}));
}

TEST_F(GatherTest, TasksAreMadeAtTheCall) {
  const auto main = [&]() -> Coro<> {
    const auto future = gather(after(1s, 1), after(2s, 2));
    EXPECT_EQ(all_tasks().size(), 3U);
    co_await sleep(5s);
    EXPECT_TRUE(future.done());
  };
  run(main());
}

TEST_F(GatherTest, TakesCoroutinesTasksAndFutures) {
  const auto main = [&]() -> Coro<int> {
    const Task<int> task = create_task(after(1s, 20));
    const Future<int> future = loop->create_future<int>();
    loop->call_later(2s, [=] { future.set_result(300); });
    const auto [a, b, c] = co_await gather(after(1s, 1), task, future);
    co_return a + b + c;
  };
  EXPECT_EQ(run(main()), 321);
}

TEST_F(GatherTest, OfAVectorGivesAVector) {
  const auto main = [&]() -> Coro<std::vector<int>> {
    std::vector<Coro<int>> coros;
    for (int value = 5; value > 0; --value) coros.push_back(after(value * 1s, value));
    co_return co_await gather(std::move(coros));
  };
  EXPECT_EQ(run(main()), (std::vector<int>{5, 4, 3, 2, 1}));
}

TEST_F(GatherTest, OfVoidGivesMonostates) {
  const auto nothing = []() -> Coro<> { co_return; };
  const auto main = [&]() -> Coro<> {
    const std::tuple<std::monostate, int> result = co_await gather(nothing(), after(1s, 1));
    EXPECT_EQ(std::get<1>(result), 1);
  };
  run(main());
}

TEST_F(GatherTest, OfNothingIsDoneAtOnce) {
  const auto main = [&]() -> Coro<> {
    const auto none = gather();
    EXPECT_TRUE(none.done());
    co_await none;
    const auto empty = gather(std::vector<Coro<int>>());
    EXPECT_TRUE(empty.done());
    EXPECT_EQ((co_await empty).size(), 0U);
  };
  run(main());
  EXPECT_EQ(message_of<RuntimeError>([] { static_cast<void>(gather()); }), "no running event loop");
}

TEST_F(GatherTest, OfWhatIsDoneIsDoneAtOnce) {
  const Future<int> done = loop->create_future<int>();
  done.set_result(1);
  const auto main = [&]() -> Coro<std::uint64_t> {
    const std::uint64_t before = loop->turns();
    co_await gather(done, done);
    co_return loop->turns() - before;
  };
  EXPECT_EQ(run(main()), 0U);
}

TEST_F(GatherTest, SameFutureGivenTwiceGivesItsResultTwice) {
  const auto main = [&]() -> Coro<> {
    const Task<int> task = create_task(after(1s, 7));
    const auto [a, b, c] = co_await gather(task, after(2s, 1), task);
    EXPECT_EQ(a, 7);
    EXPECT_EQ(b, 1);
    EXPECT_EQ(c, 7);
  };
  run(main());
}

TEST_F(GatherTest, FirstExceptionIsThrownAtOnceAndTheOthersGoOn) {
  const auto main = [&]() -> Coro<> {
    const Task<int> slow = create_task(after(3s, 3));
    try {
      co_await gather(slow, fails(1s, "first"), fails(2s, "second"));
    } catch (const std::runtime_error& error) {
      note(std::string(error.what()) + " at " + std::to_string(now() / 1s));
    }
    EXPECT_FALSE(slow.done());
    co_await slow;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"first at 1", "done 3"})) << "the second exception is not reported";
}

TEST_F(GatherTest, WithReturnExceptionsNothingIsThrown) {
  const auto main = [&]() -> Coro<> {
    const auto [one, failed, cancelled] =
        co_await gather(return_exceptions, after(1s, 1), fails(2s, "boom"), [&] {
          Task<int> task = create_task(cleans_up());
          loop->call_later(1s, [task] { task.cancel("child"); });
          return task;
        }());
    EXPECT_TRUE(one);
    EXPECT_EQ(one.value(), 1);
    EXPECT_EQ(one.exception(), nullptr);
    EXPECT_FALSE(failed.ok());
    EXPECT_EQ(describe(failed.exception()), "std::runtime_error: boom");
    EXPECT_EQ(message_of<std::runtime_error>([&] { failed.value(); }), "boom");
    EXPECT_EQ(describe(cancelled.exception()), "CancelledError")
        << "what cancelled a task is not part of its result, as in asyncio";
  };
  run(main());
  EXPECT_EQ(now(), 2s);
}

TEST_F(GatherTest, WithReturnExceptionsAVectorGivesOutcomes) {
  const auto main = [&]() -> Coro<int> {
    std::vector<Coro<int>> coros;
    coros.push_back(after(1s, 1));
    coros.push_back(fails(1s, "boom"));
    int succeeded = 0;
    for (const Outcome<int>& outcome : co_await gather(return_exceptions, std::move(coros)))
      if (outcome) ++succeeded;
    co_return succeeded;
  };
  EXPECT_EQ(run(main()), 1);
}

TEST_F(GatherTest, CancellingItCancelsAllChildrenAndEndsWhenTheyHave) {
  const auto main = [&]() -> Coro<> {
    const auto future = gather(cleans_up(), cleans_up());
    co_await sleep(1s);
    EXPECT_TRUE(future.cancel("all"));
    EXPECT_FALSE(future.done());
    try {
      co_await future;
    } catch (const CancelledError& error) {
      note(std::string("gather ") + error.what());
    }
    EXPECT_FALSE(future.cancel()) << "it is done";
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"cancelled all", "cancelled all", "gather all"}));
}

TEST_F(GatherTest, CancellingTheTaskThatAwaitsItCancelsTheChildren) {
  const auto main = [&]() -> Coro<> { co_await gather(cleans_up(), cleans_up()); };
  const Task<> task = loop->create_task(main());
  turns(2);
  task.cancel("outer");
  EXPECT_THROW(loop->run_until_complete<void>(task), CancelledError);
  EXPECT_EQ(notes, (Notes{"cancelled outer", "cancelled outer"}));
  EXPECT_TRUE(task.cancelled());
}

TEST_F(GatherTest, CancellingItThrowsEvenWithReturnExceptions) {
  const auto main = [&]() -> Coro<> {
    const auto future = gather(return_exceptions, cleans_up(), after(0s, 1));
    co_await sleep(1s);
    future.cancel("all");
    try {
      co_await future;
      note("results");
    } catch (const CancelledError&) {
      note("thrown");
    }
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"done 0", "cancelled all", "thrown"}));
}

TEST_F(GatherTest, ChildThatSwallowsTheCancellationDoesNotSaveTheGather) {
  const auto swallows = [&]() -> Coro<int> {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
    }
    co_return 1;
  };
  const auto main = [&]() -> Coro<> {
    const auto future = gather(return_exceptions, swallows());
    co_await sleep(1s);
    future.cancel();
    try {
      co_await future;
    } catch (const CancelledError&) {
      note("thrown");
    }
  };
  run(main());
  EXPECT_EQ(notes, Notes{"thrown"});
}

TEST_F(GatherTest, ChildThatIsCancelledThrowsCancelledErrorAndTheOthersGoOn) {
  const auto main = [&]() -> Coro<> {
    const Task<int> child = create_task(cleans_up());
    const Task<int> other = create_task(after(5s, 5));
    loop->call_later(1s, [=] { child.cancel("child"); });
    try {
      co_await gather(child, other);
    } catch (const CancelledError& error) {
      note(std::string("thrown ") + error.what());
    }
    EXPECT_FALSE(other.done());
    co_await other;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"cancelled child", "thrown child", "done 5"}));
}

TEST_F(GatherTest, DroppedItsChildrenGoOn) {
  const auto main = [&]() -> Coro<> {
    {
      const auto dropped = gather(after(1s, 1), after(2s, 2));
    }
    co_await sleep(3s);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"done 1", "done 2"}));
}

TEST_F(GatherTest, DroppedWithAnExceptionItIsReported) {
  const auto main = [&]() -> Coro<> {
    {
      const auto dropped = gather(fails(1s, "lost"), after(2s, 2));
    }
    co_await sleep(3s);
  };
  run(main());
  const Messages said = messages();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_TRUE(said[0].starts_with("error: Future exception was never retrieved")) << said[0];
}

TEST_F(GatherTest, PendingOneEndsWithItsLoop) {
  const auto main = [&]() -> Coro<> {
    co_await gather(gather(cleans_up(), loop->create_future<int>()), cleans_up());
  };
  loop->create_task(main());
  turns(3);
  loop.reset();
  EXPECT_EQ(notes, Notes{});
}

TEST_F(GatherTest, HeldOneOutlivesItsLoop) {
  const auto future = [&] {
    std::optional<Future<std::tuple<int, int>>> made;
    loop->call_soon([&] { made = gather(cleans_up(), cleans_up()); });
    turns(3);
    return *made;
  }();
  loop.reset();
  EXPECT_FALSE(future.done());
  future.cancel();
}

TEST_F(GatherTest, OfTwoLoopsThrows) {
  const auto other = make_loop();
  const Future<int> foreign = other->create_future<int>();
  const Future<int> own = loop->create_future<int>();
  EXPECT_EQ(message_of<std::invalid_argument>([&] { static_cast<void>(gather(own, foreign)); }),
            "The future belongs to a different loop than the one specified as the loop argument");
}

TEST_F(GatherTest, Nests) {
  const auto main = [&]() -> Coro<int> {
    const auto [inner, three] = co_await gather(gather(after(1s, 1), after(2s, 2)), after(1s, 3));
    co_return std::get<0>(inner) + std::get<1>(inner) + three;
  };
  EXPECT_EQ(run(main()), 6);
}

TEST_F(GatherTest, ResultsMayBeMoveOnly) {
  const auto makes = [](int value) -> Coro<std::unique_ptr<int>> {
    co_return std::make_unique<int>(value);
  };
  const auto main = [&]() -> Coro<int> {
    std::vector<Coro<std::unique_ptr<int>>> coros;
    coros.push_back(makes(1));
    coros.push_back(makes(2));
    const auto results = co_await gather(std::move(coros));
    co_return *results[0] * 10 + *results[1];
  };
  EXPECT_EQ(run(main()), 12);
}

// The fixture counts what is left behind: the task is kept by the gather, and the gather by the
// task.
TEST_F(GatherTest, OfTheTaskThatAwaitsItGoesWithTheLoop) {
  const auto waits = [](std::optional<Future<std::vector<int>>>& both) -> Coro<int> {
    co_await sleep(0s);
    co_await *both;
    co_return 0;
  };
  std::optional<Future<std::vector<int>>> both;
  {
    const Task<int> task = loop->create_task(waits(both));
    both = gather(std::vector<Future<int>>{task});
    turns(3);
  }
  loop.reset();
  both.reset();
  EXPECT_EQ(messages().size(), 1U);  // "Task was destroyed but it is pending!"
}

TEST_F(GatherTest, OfTheSameFutureManyTimesIsLinear) {
  const Future<int> one = loop->create_future<int>();
  const auto all = [&]() -> Coro<std::size_t> {
    co_return (co_await gather(std::vector<Future<int>>(100'000, one))).size();
  };
  loop->call_soon([&] { one.set_result(1); });
  EXPECT_EQ(run(all()), 100'000U);
}

}  // namespace
}  // namespace asyncio
