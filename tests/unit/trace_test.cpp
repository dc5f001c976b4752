// What a loop tells while it runs, and that telling changes nothing.
#include "support/loop_test.hpp"
#include "support/programs.hpp"
#include "support/trace_text.hpp"

namespace asyncio {
namespace {

class TraceTest : public LoopTest {
 public:
  TraceTest() {
    loop.reset();
    loop = make_loop(time, &trace.recorder());
  }
  ~TraceTest() override { loop.reset(); }

  // The events of these kinds, their numbers counted from 1.
  Notes events(const std::vector<std::string>& kinds) { return normalised(trace.events(kinds)); }
  Notes kinds() {
    Notes kinds;
    for (const std::string& line : trace.lines()) {
      const std::size_t at = line.find("\"kind\":\"");
      if (at != std::string::npos)
        kinds.push_back(line.substr(at + 8, line.find('"', at + 8) - at - 8));
    }
    return kinds;
  }

  TraceText trace{time};
};

TEST_F(TraceTest, SleepIsToldFromBeginToEnd) {
  const auto main = []() -> Coro<int> {
    co_await sleep(1s);
    co_return 42;
  };
  run(main());
  EXPECT_EQ(kinds(), (Notes{"task_created", "scheduled", "loop_start",
                            // its first step
                            "turn_begin", "run_begin", "task_step_begin", "scheduled",
                            "task_suspended", "run_end", "turn_end",
                            // the timer
                            "turn_begin", "timer_due", "run_begin", "future_done", "scheduled",
                            "task_wakeup", "run_end", "turn_end",
                            // its second step
                            "turn_begin", "run_begin", "task_step_begin", "task_done", "scheduled",
                            "run_end", "turn_end",
                            // what stops the loop
                            "turn_begin", "run_begin", "run_end", "turn_end", "loop_stop"}));
  EXPECT_EQ(events({"turn_begin"}),
            (Notes{R"(turn_begin,"ready":1,"timers":0,"timeout":0)",
                   R"(turn_begin,"ready":0,"timers":1,"timeout":1000000000)",
                   R"(turn_begin,"ready":1,"timers":0,"timeout":0)",
                   R"(turn_begin,"ready":1,"timers":0,"timeout":0)"}));
  EXPECT_EQ(events({"turn_end"}), (Notes{R"(turn_end,"ran":1)", R"(turn_end,"ran":1)",
                                         R"(turn_end,"ran":1)", R"(turn_end,"ran":1)"}));
  EXPECT_EQ(events({"task_done"}), Notes{R"(task_done,"task":1,"outcome":"result","value":"42")"});
  EXPECT_EQ(events({"loop_stop"}), Notes{R"(loop_stop,"ready":0,"timers":0)"});
}

TEST_F(TraceTest, WakeUpNamesTheTaskOrFutureThatCausedIt) {
  const auto child = []() -> Coro<> { co_return; };
  const auto main = [&]() -> Coro<> {
    co_await create_task(child());
    const Future<> future = loop->create_future();
    loop->call_soon([future] { future.set_result(); });
    co_await future;
    co_await sleep(0s);
  };
  run(main());
  const Notes wakeups = trace.events({"task_wakeup"});
  ASSERT_EQ(wakeups.size(), 3U);
  EXPECT_NE(wakeups[0].find(R"("by":{"kind":"task","id":)"), std::string::npos) << wakeups[0];
  EXPECT_NE(wakeups[1].find(R"("by":{"kind":"future","id":)"), std::string::npos) << wakeups[1];
  EXPECT_NE(wakeups[2].find(R"("by":{"kind":"yield"})"), std::string::npos) << wakeups[2];
}

TEST_F(TraceTest, HandleKnowsWhichHandleScheduledIt) {
  loop->call_soon([&] { loop->call_soon([&] { loop->call_later(1s, [] {}); }); });
  turns(2);
  EXPECT_EQ(events({"scheduled", "run_begin"}).size(), 5U);
  const Notes scheduled = events({"scheduled"});
  EXPECT_TRUE(
      scheduled[0].starts_with(R"(scheduled,"handle":1,"parent":0,"label":"callback","loc":)"));
  EXPECT_TRUE(
      scheduled[1].starts_with(R"(scheduled,"handle":2,"parent":1,"label":"callback","loc":)"));
  EXPECT_TRUE(scheduled[2].starts_with(
      R"(scheduled,"handle":3,"parent":2,"label":"timer","when":1000000000,"loc":)"));
}

TEST_F(TraceTest, PlacesAreThoseOfTheCaller) {
  loop->call_soon([] {});
  const unsigned line = __LINE__ - 1;
  EXPECT_TRUE(trace.events({"scheduled"})
                  .at(0)
                  .ends_with(R"("loc":{"func":"TestBody","file":"trace_test.cpp","line":)" +
                             std::to_string(line) + "}"))
      << trace.events({"scheduled"}).at(0);
  turns(1);
}

TEST_F(TraceTest, StackOfASuspendedTaskIsToldOutermostFirst) {
  struct Program {
    static Coro<> inner(unsigned& line) {
      line = __LINE__ + 1;
      co_await sleep(1s);
    }
    static Coro<> outer(unsigned& line, unsigned& inner_line) {
      line = __LINE__ + 1;
      co_await inner(inner_line);
    }
  };
  unsigned outer_line = 0;
  unsigned inner_line = 0;
  run(Program::outer(outer_line, inner_line));
  const std::string suspended = trace.events({"task_suspended"}).at(0);
  const std::string file = R"("file":"trace_test.cpp","line":)";
  EXPECT_TRUE(suspended.ends_with(R"("stack":[{"func":"outer",)" + file +
                                  std::to_string(outer_line) + R"(},{"func":"inner",)" + file +
                                  std::to_string(inner_line) + "}]"))
      << suspended;
}

TEST_F(TraceTest, TaskTellsItsNameItsCoroutineAndItsParent) {
  const auto child = []() -> Coro<> { co_return; };
  const auto main = [&]() -> Coro<> {
    create_task(child(), "child");
    co_await sleep(0s);
  };
  loop->run_until_complete<void>(loop->create_task(main(), "main"));
  const Notes created = events({"task_created"});
  ASSERT_EQ(created.size(), 2U);
  EXPECT_TRUE(created[0].starts_with(
      R"(task_created,"task":1,"name":"main","coro":"lambda","parent":0,"loc":)"));
  EXPECT_TRUE(created[1].starts_with(
      R"(task_created,"task":2,"name":"child","coro":"lambda","parent":1,"loc":)"));
}

TEST_F(TraceTest, CancelledHandleIsDropped) {
  loop->call_soon([] {}).cancel();
  loop->call_later(1s, [] {}).cancel();
  turns(1);
  EXPECT_EQ(events({"handle_cancelled", "dropped"}),
            (Notes{R"(handle_cancelled,"handle":1,"parent":0)",
                   R"(handle_cancelled,"handle":2,"parent":0)", R"(dropped,"handle":2)",
                   R"(dropped,"handle":1)"}));
}

TEST_F(TraceTest, WhatIsScheduledWhenTheLoopClosesIsAbandoned) {
  loop->call_soon([] {});
  loop->call_later(1s, [] {});
  loop->call_soon([] {}).cancel();
  loop->close();
  EXPECT_EQ(events({"abandoned", "dropped", "loop_close"}),
            (Notes{R"(abandoned,"handle":1)", R"(dropped,"handle":2)", R"(abandoned,"handle":3)",
                   "loop_close"}));
}

TEST_F(TraceTest, RaisedErrorIsTold) {
  loop->call_soon([] { throw std::runtime_error("boom"); });
  turns(1);
  EXPECT_EQ(events({"run_end"}),
            Notes{R"(run_end,"handle":1,"outcome":"raised","error":"std::runtime_error: boom")"});
  EXPECT_EQ(trace.events({"log"}).size(), 1U);
  EXPECT_EQ(messages().size(), 1U);
}

TEST_F(TraceTest, TimeoutTakesItsRequestToCancelBack) {
  const auto main = []() -> Coro<> {
    try {
      co_await timeout(1s, sleep(1h));
    } catch (const TimeoutError&) {
    }
  };
  run(main());
  EXPECT_EQ(events({"task_cancel_requested", "task_uncancelled"}).back(),
            R"(task_uncancelled,"task":1,"left":0)");
}

TEST_F(TraceTest, CancellationNamesWhoAsked) {
  const auto sleeps = []() -> Coro<> { co_await sleep(1h); };
  const auto main = [&]() -> Coro<> {
    const Task<> task = create_task(sleeps());
    co_await sleep(0s);
    task.cancel();
    co_await sleep(0s);
    co_await sleep(0s);
  };
  run(main());
  EXPECT_EQ(events({"task_created", "task_cancel_requested"}).back(),
            R"(task_cancel_requested,"task":2,"by":{"kind":"task","id":1})");
  const Notes steps = trace.events({"task_step_begin"});
  EXPECT_TRUE(std::any_of(steps.begin(), steps.end(), [](const std::string& step) {
    return step.ends_with(R"("throws":"CancelledError")");
  }));
  EXPECT_EQ(trace.events({"task_done"})
                .at(0)
                .substr(trace.events({"task_done"}).at(0).find("\"outcome\"")),
            R"("outcome":"cancelled")");
}

TEST_F(TraceTest, GatherTellsItsChildren) {
  const auto child = []() -> Coro<> { co_return; };
  const auto main = [&]() -> Coro<> { co_await gather(child(), child()); };
  run(main());
  const std::string created = trace.events({"future_created"}).at(0);
  EXPECT_NE(created.find(R"("type":"gather","children":[{"kind":"task","id":)"), std::string::npos)
      << created;
}

TEST_F(TraceTest, EveryHandleEndsOnceAndWhatRanWasScheduled) {
  Journal journal;
  for (const TestProgram& program : test_programs()) run(program.main(journal));
  loop.reset();
  messages();
  std::map<std::string, std::pair<int, int>> lives;
  for (const std::string& event :
       trace.events({"scheduled", "run_begin", "dropped", "abandoned"})) {
    const std::size_t begin = event.find("\"handle\":") + 9;
    auto& [scheduled, ended] =
        lives[event.substr(begin, event.find_first_not_of("0123456789", begin) - begin)];
    if (event.starts_with("scheduled")) {
      EXPECT_EQ(scheduled++, 0) << event;
    } else {
      EXPECT_EQ(scheduled, 1) << event;
      EXPECT_EQ(ended++, 0) << event;
    }
  }
  EXPECT_GT(lives.size(), 200U);
  for (const auto& [handle, life] : lives) EXPECT_EQ(life.second, 1) << "handle " << handle;
}

struct Ran {
  std::vector<std::string> entries;
  std::uint64_t turns;
  Instant end;
  LoopTest::Messages messages;
  bool operator==(const Ran&) const = default;
};

class TraceOnOrOffTest : public LoopTest, public ::testing::WithParamInterface<TestProgram> {
 public:
  static Ran run_with(Tracer* tracer) {
    Journal journal;
    messages();  // what the end of a loop before said
    const auto loop = make_loop(std::make_shared<VirtualTime>(), tracer);
    loop->run_until_complete(GetParam().main(journal));
    return {journal.entries(), loop->turns(), loop->time(), messages()};
  }
};

TEST_P(TraceOnOrOffTest, ChangesNothing) {
  TraceText trace(time);
  const Ran without = run_with(nullptr);
  const Ran with = run_with(&trace.recorder());
  EXPECT_EQ(without.entries, with.entries);
  EXPECT_EQ(without.turns, with.turns);
  EXPECT_EQ(without.end, with.end);
  EXPECT_EQ(without.messages, with.messages);
  EXPECT_GT(with.entries.size(), 0U);
}

TEST_P(TraceOnOrOffTest, IsTheSameEachTime) {
  TraceText first(time);
  run_with(&first.recorder());
  TraceText second(time);
  run_with(&second.recorder());
  EXPECT_EQ(difference(normalised(first.lines()), normalised(second.lines())), "");
}

INSTANTIATE_TEST_SUITE_P(Programs, TraceOnOrOffTest,
                         ::testing::ValuesIn(test_programs().begin(), test_programs().end()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace asyncio
