#include <map>
#include <sstream>

#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class CallGraphTest : public LoopTest {
 public:
  static std::vector<std::string> functions(const std::vector<FrameCallGraphEntry>& stack) {
    std::vector<std::string> names;
    for (const auto& entry : stack) names.push_back(entry.function);
    return names;
  }
  using Names = std::vector<std::string>;
  // The names of the tasks that wait for it.
  static Names awaiters_of(const AnyTask& task) {
    const CallGraph graph = capture_call_graph(task);
    Names names;
    for (const FutureCallGraph* by : graph->awaited_by)
      names.push_back(by->future.substr(11, by->future.size() - 13));
    return names;
  }

  // Suspended in waits(), which fetch() awaits.
  Coro<int> fetch() {
    co_await waits();
    co_return 1;
  }
  Coro<> waits() { co_await gate; }
  // Ends what the test began.
  void open() {
    gate.set_result();
    turns(5);
  }

  void TearDown() override {
    gate = {};
    LoopTest::TearDown();
  }

  Future<> gate = loop->create_future();
};

TEST_F(CallGraphTest, TellsTheStackOfATaskInnermostFirstWithFileAndLine) {
  const Task<int> task = loop->create_task(fetch(), "fetch");
  turns(1);
  const CallGraph graph = capture_call_graph(task);
  EXPECT_EQ(graph->future, "Task(name='fetch')");
  EXPECT_EQ(functions(graph->call_stack), (Names{"waits", "fetch"}));
  EXPECT_TRUE(graph->call_stack[0].file.ends_with("call_graph_test.cpp"));
  EXPECT_GT(graph->call_stack[0].line, graph->call_stack[1].line);
  open();
}

TEST_F(CallGraphTest, TellsWhoAwaitsThroughTasksGathersAndGroups) {
  const Task<int> leaf = loop->create_task(fetch(), "leaf");
  const auto awaits = [&]() -> Coro<> { co_await leaf; };
  const auto gathers = [&]() -> Coro<> { co_await gather(leaf); };
  const Task<> direct = loop->create_task(awaits(), "direct");
  const Task<> gathered = loop->create_task(gathers(), "gathered");
  const auto group_main = [&]() -> Coro<> {
    co_await task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(fetch(), "child");
      co_return;
    });
  };
  const Task<> grouped = loop->create_task(group_main(), "grouped");
  turns(2);
  const CallGraph graph = capture_call_graph(leaf);
  Names names;
  for (const FutureCallGraph* by : graph->awaited_by) names.push_back(by->future);
  EXPECT_EQ(names, (Names{"Task(name='direct')", "Task(name='gathered')"}));
  std::optional<AnyTask> child;
  for (const AnyTask& task : all_tasks(*loop))
    if (task.get_name() == "child") child = task;
  const CallGraph of_child = capture_call_graph(*child);
  ASSERT_EQ(of_child->awaited_by.size(), 1U);
  EXPECT_EQ(of_child->awaited_by[0]->future, "Task(name='grouped')");
  child.reset();
  open();
}

TEST_F(CallGraphTest, TellsWhoAwaitsThroughWaitShieldTimeoutAndWaitFor) {
  const Task<int> leaf = loop->create_task(fetch(), "leaf");
  const auto waits_for_any = [&]() -> Coro<> { co_await wait(std::tuple(leaf), FIRST_COMPLETED); };
  const auto shields = [&]() -> Coro<> { co_await shield(leaf); };
  const auto in_time = [&]() -> Coro<> { co_await timeout(1h, leaf); };
  const auto waits_in_time = [&]() -> Coro<> { co_await wait_for(leaf, 1h); };
  const auto shields_in_time = [&]() -> Coro<> { co_await wait_for(shield(leaf), 1h); };
  const std::vector<Task<>> waiting{
      loop->create_task(waits_for_any(), "wait"), loop->create_task(shields(), "shield"),
      loop->create_task(in_time(), "timeout"), loop->create_task(waits_in_time(), "wait_for"),
      loop->create_task(shields_in_time(), "both")};
  turns(2);
  EXPECT_EQ(awaiters_of(leaf), (Names{"wait", "timeout", "wait_for", "shield", "both"}));
  open();
  EXPECT_EQ(awaiters_of(leaf), Names{}) << "it is done";
}

TEST_F(CallGraphTest, TellsWhoAsksAsCompletedForTheNext) {
  const Task<int> one = loop->create_task(fetch(), "one");
  const Task<int> two = loop->create_task(fetch(), "two");
  const auto iterates = [&]() -> Coro<> {
    auto completed = as_completed(std::tuple(one, two));
    while (co_await completed.next()) co_await sleep(1h);
  };
  const auto awaits_each = [&]() -> Coro<> {
    std::vector<Task<int>> both;
    int number = 0;
    for (Coro<int> next : as_completed(std::tuple(one, two)))
      both.push_back(create_task(std::move(next), "asks " + std::to_string(++number)));
    co_await wait(both);
  };
  loop->create_task(iterates(), "iterates");
  loop->create_task(awaits_each(), "awaits each");
  turns(3);
  EXPECT_EQ(awaiters_of(one), (Names{"iterates", "asks 1", "asks 2"}));
  EXPECT_EQ(awaiters_of(two), (Names{"iterates", "asks 1", "asks 2"}));
  gate.set_result();
  turns(2);
  EXPECT_EQ(awaiters_of(two), Names{}) << "both are done";
  turns(5);
}

TEST_F(CallGraphTest, TellsWhoAwaitsThroughANursery) {
  const auto starting = [&](TaskStatus<> status) -> Coro<> {
    co_await gate;
    status.started();
    co_await sleep(0s);
  };
  const auto main = [&]() -> Coro<> {
    co_await open_nursery([&](Nursery& nursery) -> Coro<> {
      nursery.start_soon([&] { return waits(); }, "child");
      nursery.start_soon(
          [&nursery, &starting]() -> Coro<> { co_await nursery.start<>(starting, "starting"); },
          "starter");
      co_return;
    });
  };
  const Task<> task = loop->create_task(main(), "main");
  turns(4);
  std::map<std::string, Names> awaiters;
  for (const AnyTask& each : all_tasks(*loop)) awaiters[each.get_name()] = awaiters_of(each);
  EXPECT_EQ(awaiters["child"], Names{"main"});
  EXPECT_EQ(awaiters["starter"], Names{"main"});
  EXPECT_EQ(awaiters["starting"], Names{"starter"});
  open();
  EXPECT_TRUE(task.done());
}

TEST_F(CallGraphTest, OfTenThousandTasksThatWaitForOneIsLinear) {
  constexpr std::size_t kTasks = 10'000;
  const Task<int> leaf = loop->create_task(fetch(), "leaf");
  const auto awaits = [&](std::size_t how) -> Coro<> {
    if (how % 3 == 0) co_await wait(std::tuple(leaf));
    if (how % 3 == 1) co_await shield(leaf);
    if (how % 3 == 2) co_await gather(leaf);
  };
  for (std::size_t index = 0; index < kTasks; ++index) loop->create_task(awaits(index));
  turns(2);
  const CallGraph graph = capture_call_graph(leaf);
  EXPECT_EQ(graph->awaited_by.size(), kTasks);
  for (const FutureCallGraph* by : graph->awaited_by) EXPECT_TRUE(by->awaited_by.empty());
  EXPECT_LT(format_call_graph(graph).size(), kTasks * 1'000);
  open();
}

TEST_F(CallGraphTest, OfTenThousandTasksThatWaitForOneAnotherIsLinear) {
  constexpr std::size_t kTasks = 10'000;
  Task<int> last = loop->create_task(fetch());
  const Task<int> first = last;
  const auto awaits = [](Task<int> other) -> Coro<int> { co_return co_await other; };
  for (std::size_t index = 1; index < kTasks; ++index) last = loop->create_task(awaits(last));
  turns(2);
  const CallGraph graph = capture_call_graph(first);
  std::size_t length = 1;
  for (const FutureCallGraph* at = graph.get(); !at->awaited_by.empty(); at = at->awaited_by[0]) {
    ASSERT_EQ(at->awaited_by.size(), 1U);
    ++length;
  }
  EXPECT_EQ(length, kTasks);
  EXPECT_LT(format_call_graph(graph).size(), kTasks * 2'000);
  gate.set_result();
  loop->run_until_complete<int>(last);
}

TEST_F(CallGraphTest, OfTheCurrentTaskIsThePlaceOfTheCall) {
  const auto child = [&]() -> Coro<> {
    note(format_call_graph());
    co_return;
  };
  const auto main = [&]() -> Coro<> {
    const Task<> task = create_task(child(), "child");
    co_await task;
  };
  const Task<> task = loop->create_task(main(), "main");
  loop->run_until_complete<void>(task);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_TRUE(notes[0].starts_with("* Task(name='child')\n  + Call stack:\n  |   File \""))
      << notes[0];
  EXPECT_NE(notes[0].find("in async lambda()\n  + Awaited by:\n     * Task(name='main')\n"),
            std::string::npos)
      << notes[0];
  loop->call_soon([&] { EXPECT_EQ(capture_call_graph(), nullptr); });
  turns(1);
}

TEST_F(CallGraphTest, IsLinearWhereManyPathsLeadToTheSameTasks) {
  // Each of two tasks awaits both of the two before: 2^25 paths from the first to the last.
  std::vector<Task<int>> layer{loop->create_task(fetch()), loop->create_task(fetch())};
  const Task<int> first = layer[0];
  const auto awaits_both = [](std::vector<Task<int>> both) -> Coro<int> {
    co_await gather(both[0], both[1]);
    co_return 1;
  };
  for (int depth = 0; depth < 25; ++depth) {
    const Task<int> one = loop->create_task(awaits_both(layer));
    const Task<int> two = loop->create_task(awaits_both(layer));
    layer = {one, two};
    turns(1);
  }
  const std::string text = format_call_graph(capture_call_graph(first));
  EXPECT_LT(text.size(), 60'000U);
  EXPECT_NE(text.find("(see above)"), std::string::npos);
  gate.set_result();
  turns(100);
}

TEST_F(CallGraphTest, TasksThatWaitForEachOtherHaveAnEnd) {
  std::vector<Task<int>> tasks;
  const auto awaits = [&](std::size_t other) -> Coro<int> { co_return co_await tasks[other]; };
  tasks.push_back(loop->create_task(awaits(1)));
  tasks.push_back(loop->create_task(awaits(0)));
  turns(1);
  const CallGraph graph = capture_call_graph(tasks[0]);
  ASSERT_EQ(graph->awaited_by.size(), 1U);
  EXPECT_EQ(graph->awaited_by[0]->awaited_by, std::vector{graph.get()});
  EXPECT_TRUE(format_call_graph(graph).ends_with("(see above)\n"));
  tasks[0].cancel();
  turns(5);
}

TEST_F(CallGraphTest, StackIsOutermostFirstAndMayBeLimited) {
  const Task<int> task = loop->create_task(fetch(), "fetch");
  turns(1);
  EXPECT_EQ(functions(task.get_stack()), (Names{"fetch", "waits"}));
  EXPECT_EQ(functions(task.get_stack(1)), (Names{"waits"}));
  std::ostringstream text;
  task.print_stack(text);
  EXPECT_TRUE(text.str().starts_with("Stack for <Task pending name='fetch' coro=<fetch()>"))
      << text.str();
  EXPECT_NE(text.str().find("(most recent call last):\n  File \""), std::string::npos);
  open();
  EXPECT_TRUE(task.get_stack().empty());
  std::ostringstream none;
  task.print_stack(none);
  EXPECT_TRUE(none.str().starts_with("No stack for <Task finished")) << none.str();
}

}  // namespace
}  // namespace asyncio
