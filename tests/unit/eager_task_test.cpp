#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class EagerTaskTest : public LoopTest {
 public:
  Coro<int> at_once(int value) {
    note("body");
    co_return value;
  }
  Coro<int> waits(int value) {
    note("begins");
    co_await sleep(1s);
    note("goes on");
    co_return value;
  }
  Coro<int> fails() {
    throw std::runtime_error("at once");
    co_return 0;
  }
};

TEST_F(EagerTaskTest, RunsUpToItsFirstWaitInsideCreateTask) {
  loop->set_task_factory(eager_task_factory);
  const auto main = [&]() -> Coro<> {
    const Task<int> task = create_task(waits(7));
    note("created");
    EXPECT_FALSE(task.done());
    EXPECT_EQ(co_await task, 7);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"begins", "created", "goes on"}));
  EXPECT_EQ(now(), 1s);
}

TEST_F(EagerTaskTest, WhatDoesNotWaitIsDoneAtOnceAndNeverScheduled) {
  loop->set_task_factory(eager_task_factory);
  const auto main = [&]() -> Coro<> {
    const Task<int> task = create_task(at_once(7));
    EXPECT_TRUE(task.done());
    EXPECT_EQ(task.result(), 7);
    EXPECT_EQ(all_tasks().size(), 1U);  // main
    co_return;
  };
  run(main());
  EXPECT_EQ(notes, Notes{"body"});
}

TEST_F(EagerTaskTest, WaitsForItsTurnWhereTheLoopDoesNotRun) {
  loop->set_task_factory(eager_task_factory);
  const Task<int> task = loop->create_task(at_once(7));
  EXPECT_FALSE(task.done());
  EXPECT_EQ(loop->run_until_complete<int>(task), 7);
}

TEST_F(EagerTaskTest, ExceptionBeforeTheFirstWaitIsTheTasksOwn) {
  const auto main = [&]() -> Coro<> {
    const Task<int> task(fails(), eager_start);
    EXPECT_TRUE(task.done());
    try {
      co_await task;
    } catch (const std::runtime_error& error) {
      note(error.what());
    }
  };
  run(main());
  EXPECT_EQ(notes, Notes{"at once"});
}

TEST_F(EagerTaskTest, IsTheCurrentTaskWhileItRunsEagerlyAndTheCallerIsAfterwards) {
  const auto child = [&]() -> Coro<> {
    note(current_task()->get_name());
    co_await sleep(0s);
    note(current_task()->get_name());
  };
  const auto main = [&]() -> Coro<> {
    current_task()->set_name("main");
    const Task<> task(child(), eager_start, "child");
    note(current_task()->get_name());
    co_await task;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"child", "main", "child"}));
}

TEST_F(EagerTaskTest, MayBeCancelledWhereItWaits) {
  const auto child = [&]() -> Coro<> {
    try {
      co_await sleep(1s);
    } catch (const CancelledError& error) {
      note(error.what());
      throw;
    }
  };
  const auto main = [&]() -> Coro<> {
    const Task<> task(child(), eager_start);
    task.cancel("enough");
    try {
      co_await task;
    } catch (const CancelledError&) {
      note("cancelled");
    }
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"enough", "cancelled"}));
}

TEST_F(EagerTaskTest, MayCancelItselfBeforeItWaits) {
  const auto child = [&]() -> Coro<> {
    current_task()->cancel();
    co_await sleep(1s);
  };
  const auto main = [&]() -> Coro<> {
    const Task<> task(child(), eager_start);
    EXPECT_FALSE(task.done());
    try {
      co_await task;
    } catch (const CancelledError&) {
      note("cancelled");
    }
  };
  run(main());
  EXPECT_EQ(notes, Notes{"cancelled"});
  EXPECT_EQ(now(), 0s);
}

TEST_F(EagerTaskTest, RunsInACopyOfTheCallersContext) {
  const ContextVar<int> depth("depth", 0);
  const auto child = [&]() -> Coro<> {
    note(std::to_string(depth.get()));
    depth.set(2);
    co_await sleep(0s);
    note(std::to_string(depth.get()));
  };
  const auto main = [&]() -> Coro<> {
    depth.set(1);
    const Task<> task(child(), eager_start);
    note(std::to_string(depth.get()));
    co_await task;
    note(std::to_string(depth.get()));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1", "1", "2", "1"}));
}

TEST_F(EagerTaskTest, GatherAndGroupsOfEagerTasksTakeNoTurnForWhatIsDone) {
  loop->set_task_factory(eager_task_factory);
  const auto main = [&]() -> Coro<> {
    const std::uint64_t before = loop->turns();
    const auto [one, two] = co_await gather(at_once(1), at_once(2));
    EXPECT_EQ(one + two, 3);
    EXPECT_EQ(loop->turns(), before);
  };
  run(main());
}

TEST_F(EagerTaskTest, FactorySeesEveryTaskAndMayNameIt) {
  loop->set_task_factory([&](EventLoop& its_loop, TaskOptions& options) {
    EXPECT_EQ(&its_loop, loop.get());
    note(std::string(options.coro) + " " + options.name);
    if (options.name.empty()) options.name = "named by the factory";
  });
  const auto main = [&]() -> Coro<> {
    const Task<int> task = create_task(at_once(1));
    note(task.get_name());
    co_await gather(task, create_task(at_once(2), "given"));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"lambda ", "at_once ", "named by the factory", "at_once given", "body",
                          "body"}));
  loop->set_task_factory({});
  EXPECT_FALSE(loop->get_task_factory());
}

TEST_F(EagerTaskTest, EagerFactoryIsMadeOutOfAnother) {
  loop->set_task_factory(
      create_eager_task_factory([](EventLoop&, TaskOptions& options) { options.name = "eager"; }));
  const auto main = [&]() -> Coro<> {
    const Task<int> task = create_task(at_once(1));
    EXPECT_TRUE(task.done());
    EXPECT_EQ(task.get_name(), "eager");
    co_return;
  };
  run(main());
}

TEST_F(EagerTaskTest, FactoryThatThrowsLeavesTheCoroutineToItsCaller) {
  loop->set_task_factory(
      [](EventLoop&, TaskOptions&) { throw std::runtime_error("no tasks today"); });
  EXPECT_EQ(message_of<std::runtime_error>([&] { loop->create_task(at_once(1)); }),
            "no tasks today");
  EXPECT_EQ(messages(), Messages{"warning: coroutine 'at_once' was never awaited"});
}

TEST_F(EagerTaskTest, MayMakeEagerTasksInTurn) {
  const auto descend = [&](auto self, int depth) -> Coro<int> {
    if (depth == 0) co_return 0;
    const Task<int> below(self(self, depth - 1), eager_start);
    EXPECT_TRUE(below.done());
    co_return 1 + co_await below;
  };
  EXPECT_EQ(run(descend(descend, 50)), 50);
}

}  // namespace
}  // namespace asyncio
