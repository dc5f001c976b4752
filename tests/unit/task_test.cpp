#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class TaskTest : public LoopTest {
 public:
  Coro<int> answer() { co_return 42; }
  Coro<> notes_its_name() {
    note(current_task()->get_name());
    co_return;
  }
  Coro<> sleeps(Duration delay) { co_await sleep(delay); }
};

TEST_F(TaskTest, FirstStepIsInTheNextTurn) {
  loop->create_task(notes_its_name(), "a");
  loop->create_task(notes_its_name(), "b");
  EXPECT_EQ(notes, Notes{});
  turns(1);
  EXPECT_EQ(notes, (Notes{"a", "b"}));
}

TEST_F(TaskTest, GivesItsResult) {
  const Task<int> task = loop->create_task(answer());
  EXPECT_FALSE(task.done());
  turns(1);
  EXPECT_TRUE(task.done());
  EXPECT_EQ(task.result(), 42);
}

TEST_F(TaskTest, AwaitingItGivesItsResult) {
  const auto main = [&]() -> Coro<int> {
    const Task<int> task = create_task(answer());
    co_return co_await task + co_await task;
  };
  EXPECT_EQ(run(main()), 84);
}

TEST_F(TaskTest, AwaitingItTakesTheTurnsOfAsyncio) {
  const auto main = [&]() -> Coro<std::uint64_t> {
    const std::uint64_t before = loop->turns();
    co_await create_task(answer());
    co_return loop->turns() - before;
  };
  EXPECT_EQ(run(main()), 2U) << "one for its step, one for the wake-up";
}

TEST_F(TaskTest, AwaitingThrowsItsException) {
  const auto fails = []() -> Coro<> {
    co_await sleep(0s);
    throw std::runtime_error("boom");
  };
  const auto main = [&]() -> Coro<> {
    try {
      co_await create_task(fails());
    } catch (const std::runtime_error& error) {
      note(error.what());
    }
  };
  run(main());
  EXPECT_EQ(notes, Notes{"boom"});
}

TEST_F(TaskTest, ExceptionThatNobodyAskedForIsReported) {
  const auto fails = []() -> Coro<> {
    throw std::runtime_error("lost");
    co_return;
  };
  loop->create_task(fails(), "loser");
  turns(1);
  EXPECT_EQ(messages(),
            Messages{"error: Task exception was never retrieved | <Task finished name='loser' "
                     "coro=<lambda()> exception=std::runtime_error: lost> | "
                     "std::runtime_error: lost"});
}

TEST_F(TaskTest, ExceptionIsNotReportedWhileSomebodyMayStillAsk) {
  const auto fails = []() -> Coro<> {
    throw std::runtime_error("boom");
    co_return;
  };
  const Task<> task = loop->create_task(fails());
  turns(3);
  EXPECT_EQ(messages(), Messages{});
  EXPECT_EQ(describe(task.exception()), "std::runtime_error: boom");
}

TEST_F(TaskTest, CancelledTaskIsNotReported) {
  Task<> task = loop->create_task(sleeps(1h));
  turns(1);
  task.cancel();
  turns(2);
  EXPECT_TRUE(task.cancelled());
  task = {};
  EXPECT_EQ(messages(), Messages{});
}

TEST_F(TaskTest, GoesOnWhenItsHandlesAreDropped) {
  const auto works = [&]() -> Coro<> {
    co_await sleep(1s);
    note("done");
  };
  loop->create_task(works());
  run(sleeps(2s));
  EXPECT_EQ(notes, Notes{"done"});
}

TEST_F(TaskTest, WaitsForAFutureThatOnlyItHolds) {
  const auto works = [&]() -> Coro<> {
    const Future<> future = get_running_loop().create_future();
    get_running_loop().call_later(1s, [future] { future.set_result(); });
    co_await future;
    note("done");
  };
  loop->create_task(works());
  run(sleeps(2s));
  EXPECT_EQ(notes, Notes{"done"});
}

TEST_F(TaskTest, FrameIsDestroyedWhenItEnds) {
  const auto held = std::make_shared<int>();
  const auto holds = [](std::shared_ptr<int> argument) -> Coro<> {
    const auto local = argument;
    co_await sleep(0s);
  };
  const Task<> task = loop->create_task(holds(held));
  EXPECT_EQ(held.use_count(), 2);
  turns(1);
  EXPECT_EQ(held.use_count(), 3);
  turns(1);
  EXPECT_TRUE(task.done());
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(TaskTest, NamesAreNumberedUnlessGiven) {
  const Task<int> first = loop->create_task(answer());
  const Task<int> second = loop->create_task(answer());
  const Task<int> named = loop->create_task(answer(), "the answer");
  EXPECT_EQ(first.get_name().substr(0, 5), "Task-");
  const auto number = [](const Task<int>& task) { return std::stoi(task.get_name().substr(5)); };
  EXPECT_EQ(number(second), number(first) + 1);
  EXPECT_EQ(named.get_name(), "the answer");
  named.set_name("another");
  EXPECT_EQ(named.get_name(), "another");
  turns(1);
  EXPECT_EQ(named.get_name(), "another");
}

TEST_F(TaskTest, TaskThatIsGivenANameTakesNoNumber) {
  const auto number = [](const Task<int>& task) { return std::stoi(task.get_name().substr(5)); };
  const Task<int> before = loop->create_task(answer());
  loop->create_task(answer(), "named");
  const Task<int> after = loop->create_task(answer());
  EXPECT_EQ(number(after), number(before) + 1);
  turns(1);
}

TEST_F(TaskTest, NameMayBeSetToNothing) {
  const Task<int> task = loop->create_task(answer());
  task.set_name("");
  EXPECT_EQ(task.get_name(), "");
  turns(1);
}

TEST_F(TaskTest, CurrentTaskIsTheOneWhoseStepRuns) {
  const auto inner = [&]() -> Coro<> { return notes_its_name(); };
  const auto outer = [&]() -> Coro<> {
    co_await inner();
    co_await sleep(0s);
    note(current_task()->get_name());
  };
  loop->create_task(outer(), "a");
  loop->create_task(outer(), "b");
  turns(2);
  EXPECT_EQ(notes, (Notes{"a", "b", "a", "b"}));
}

TEST_F(TaskTest, ThereIsNoCurrentTaskInACallback) {
  loop->create_task(notes_its_name(), "task");
  loop->call_soon([&] { note(current_task() ? "a task" : "none"); });
  turns(1);
  EXPECT_EQ(notes, (Notes{"task", "none"}));
  EXPECT_EQ(message_of<RuntimeError>([] { current_task(); }), "no running event loop");
}

TEST_F(TaskTest, AllTasksAreThoseNotDoneOldestFirst) {
  const auto names = [&] {
    Notes names;
    for (const AnyTask& task : all_tasks(*loop)) names.push_back(task.get_name());
    return names;
  };
  EXPECT_EQ(names(), Notes{});
  loop->create_task(sleeps(3s), "a");
  loop->create_task(sleeps(1s), "b");
  loop->create_task(sleeps(2s), "c");
  EXPECT_EQ(names(), (Notes{"a", "b", "c"}));
  loop->call_at(Instant(1500ms), [&] { loop->stop(); });
  loop->run_forever();
  EXPECT_EQ(names(), (Notes{"a", "c"}));
  loop->create_task(sleeps(1s), "d");
  loop->call_at(Instant(10s), [&] { loop->stop(); });
  loop->run_forever();
  EXPECT_EQ(names(), Notes{});
  EXPECT_EQ(message_of<RuntimeError>([] { all_tasks(); }), "no running event loop");
}

TEST_F(TaskTest, TaskThatIsEndingIsNoLongerAmongThem) {
  const Task<int> task = loop->create_task(answer());
  task.add_done_callback([&](const Future<int>&) { note(std::to_string(all_tasks().size())); });
  turns(2);
  EXPECT_EQ(notes, Notes{"0"});
}

TEST_F(TaskTest, AnyTaskIsTheSameTask) {
  const Task<int> task = loop->create_task(answer(), "it");
  const AnyTask any = task;
  EXPECT_EQ(any, all_tasks(*loop).at(0));
  EXPECT_EQ(any.get_name(), "it");
  EXPECT_EQ(any.id(), task.id());
  any.set_name("renamed");
  EXPECT_EQ(task.get_name(), "renamed");
  EXPECT_FALSE(any.done());
  EXPECT_TRUE(any.cancel());
  EXPECT_EQ(any.cancelling(), 1U);
  EXPECT_EQ(any.uncancel(), 0U);
  EXPECT_TRUE(any.cancel());
  turns(1);
  EXPECT_TRUE(any.done());
  EXPECT_TRUE(any.cancelled());
}

TEST_F(TaskTest, AwaitingItselfThrows) {
  Task<> self;
  const auto main = [&]() -> Coro<> {
    try {
      co_await self;
    } catch (const RuntimeError& error) {
      note(error.what());
    }
  };
  self = loop->create_task(main(), "narcissus");
  loop->run_until_complete<void>(self);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_TRUE(notes[0].starts_with("Task cannot await on itself: <Task pending name='narcissus'"))
      << notes[0];
  self = {};
}

TEST_F(TaskTest, AwaitingAFutureOfAnotherLoopThrows) {
  const auto other = make_loop();
  const Future<> foreign = other->create_future();
  const auto main = [&]() -> Coro<> {
    try {
      co_await foreign;
    } catch (const RuntimeError& error) {
      note(error.what());
    }
    co_await sleep(1s);
    note("goes on");
  };
  loop->run_until_complete<void>(loop->create_task(main(), "stranger"));
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_TRUE(notes[0].starts_with("<Task pending name='stranger' coro=<lambda()>")) << notes[0];
  EXPECT_TRUE(notes[0].ends_with(" got <Future " + std::to_string(foreign.id()) +
                                 " pending> attached to a different loop"))
      << notes[0];
}

TEST_F(TaskTest, OneThatIsDestroyedWhilePendingIsReported) {
  loop->create_task(answer(), "unlucky");
  loop->close();
  EXPECT_EQ(messages(), Messages{"error: Task was destroyed but it is pending! | <Task pending "
                                 "name='unlucky' coro=<answer()>>"});
}

TEST_F(TaskTest, OneThatIsHeldOutlivesItsLoopAndStaysPending) {
  const Task<> task = loop->create_task(sleeps(1h), "waits");
  turns(1);
  loop.reset();
  EXPECT_FALSE(task.done());
  EXPECT_EQ(task.get_name(), "waits");
  EXPECT_EQ(message_of<InvalidStateError>([&] { task.result(); }), "Result is not set.");
  EXPECT_TRUE(task.cancel());
  EXPECT_FALSE(task.done());
}

TEST_F(TaskTest, ResultCannotBeSetFromOutside) {
  const Future<int> future = loop->create_task(answer());
  EXPECT_EQ(message_of<RuntimeError>([&] { future.set_result(1); }),
            "Task does not support set_result operation");
  EXPECT_EQ(message_of<RuntimeError>([&] { future.set_exception(std::runtime_error("x")); }),
            "Task does not support set_exception operation");
  turns(1);
  EXPECT_EQ(future.result(), 42);
}

TEST_F(TaskTest, SaysWhatItIs) {
  const auto fails = []() -> Coro<> {
    co_await sleep(0s);
    throw std::runtime_error("boom");
  };
  const Task<> task = loop->create_task(sleeps(1s), "a");
  const auto text = [](const AnyTask& which) { return which.shared()->text(); };
  EXPECT_EQ(text(task), "<Task pending name='a' coro=<sleeps()>>");
  task.cancel();
  EXPECT_EQ(text(task), "<Task cancelling name='a' coro=<sleeps()>>");
  turns(1);
  EXPECT_EQ(text(task), "<Task cancelled name='a' coro=<sleeps()>>");
  const Task<int> answers = loop->create_task(answer(), "b");
  const Task<> failing = loop->create_task(fails(), "c");
  turns(2);
  EXPECT_EQ(text(answers), "<Task finished name='b' coro=<answer()>>");
  EXPECT_TRUE(text(failing).ends_with("exception=std::runtime_error: boom>")) << text(failing);
  EXPECT_THROW(failing.result(), std::runtime_error);
}

TEST_F(TaskTest, ExceptionOutOfADestructorOfItsBodyFailsIt) {
  struct Throws {
    ~Throws() noexcept(false) { throw std::runtime_error("out of a destructor"); }
  };
  const auto body = []() -> Coro<> {
    const Throws local;
    co_await sleep(0s);
  };
  const Task<> task = loop->create_task(body());
  turns(2);
  EXPECT_EQ(message_of<std::runtime_error>([&] { task.result(); }), "out of a destructor");
}

TEST_F(TaskTest, NeedsARunningLoop) {
  EXPECT_EQ(message_of<RuntimeError>([&] { create_task(answer()); }), "no running event loop");
  EXPECT_EQ(messages(), Messages{"warning: coroutine 'answer' was never awaited"});
}

TEST_F(TaskTest, CannotBeMadeOfACoroutineThatWasAwaited) {
  const auto main = [&]() -> Coro<> {
    Coro<int> coro = answer();
    co_await coro;
    note(message_of<RuntimeError>([&] { create_task(std::move(coro)); }));
  };
  run(main());
  EXPECT_EQ(notes, Notes{"cannot reuse already awaited coroutine"});
}

// Can be moved a given number of times.
struct Fragile {
  explicit Fragile(int moves) : moves_left(moves) {}
  Fragile(Fragile&& other) : moves_left(other.moves_left - 1) {
    if (moves_left < 0) throw std::runtime_error("broke");
  }
  Fragile(const Fragile&) = delete;
  int moves_left;
};

TEST_F(TaskTest, ResultThatThrowsWhenItIsMovedFailsTheTask) {
  const auto makes = [](int moves) -> Coro<Fragile> { co_return Fragile(moves); };
  // Wherever the move breaks, between co_return and the one who awaits, the task ends.
  for (int moves = 0; moves < 8; ++moves) {
    const Task<Fragile> task = loop->create_task(makes(moves));
    turns(1);
    ASSERT_TRUE(task.done()) << moves;
    note(task.exception() ? describe(task.exception()) : "whole");
    loop->call_soon([&] { EXPECT_FALSE(current_task()); });
    turns(1);
  }
  EXPECT_EQ(notes.front(), "std::runtime_error: broke");
  EXPECT_EQ(notes.back(), "whole");
}

// Counts how often it is copied.
struct Copied {
  explicit Copied(int* copies) : copies(copies) {}
  Copied(const Copied& other) : copies(other.copies) { ++*copies; }
  Copied(Copied&&) = default;
  int* copies;
};

TEST_F(TaskTest, ResultIsMovedOutWhereNobodyElseRefersToTheTask) {
  int copies = 0;
  const auto makes = [&]() -> Coro<Copied> { co_return Copied(&copies); };
  const auto main = [&]() -> Coro<> {
    co_await create_task(makes());
    std::vector<Coro<Copied>> coroutines;
    coroutines.push_back(makes());
    co_await gather(std::move(coroutines));
    co_await gather(makes(), makes());
    EXPECT_EQ(copies, 0);

    const Task<Copied> task = create_task(makes());
    co_await task;
    EXPECT_EQ(copies, 1);
    EXPECT_EQ(task.result().copies, &copies);
    co_await gather(task, makes());
    EXPECT_EQ(copies, 2);
    Task<Copied> last = create_task(makes());
    co_await std::move(last);
    EXPECT_EQ(copies, 2);
  };
  run(main());
}

TEST_F(TaskTest, EnsureFutureMakesATaskOfACoroutineAndLeavesAFuture) {
  const auto main = [&]() -> Coro<int> {
    const Future<int> future = ensure_future(answer());
    const Future<int> same = ensure_future(future);
    EXPECT_EQ(future, same);
    co_return co_await same;
  };
  EXPECT_EQ(run(main()), 42);
}

TEST_F(TaskTest, StepThatThrowsOutOfADoneCallbackDoesNotConfuseTheCurrentTask) {
  const Task<int> task = loop->create_task(answer());
  task.add_done_callback([](const Future<int>&) { throw std::runtime_error("in callback"); });
  turns(2);
  EXPECT_EQ(messages().size(), 1U);
  loop->call_soon([&] { note(current_task() ? "a task" : "none"); });
  turns(1);
  EXPECT_EQ(notes, Notes{"none"});
}

TEST_F(TaskTest, OneThatRefersToNoneSaysSo) {
  const std::string empty = "Future is empty: default-constructed, or moved from";
  const Task<int> none;
  Task<int> task = loop->create_task(answer());
  const Task<int> other = std::move(task);
  EXPECT_EQ(message_of<RuntimeError>([&] { static_cast<void>(none.done()); }), empty);
  EXPECT_EQ(message_of<RuntimeError>([&] { none.cancel(); }), empty);
  EXPECT_EQ(message_of<RuntimeError>([&] { task.get_name(); }), empty);
  const auto main = [&]() -> Coro<> { co_await none; };
  EXPECT_EQ(message_of<RuntimeError>([&] { run(main()); }), empty);
  EXPECT_EQ(run([](Task<int> given) -> Coro<int> { co_return co_await given; }(other)), 42);
}

}  // namespace
}  // namespace asyncio
