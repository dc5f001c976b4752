// What the trace tells of timeouts, groups, scopes and channels, and of tasks that wait in them.
#include <regex>

#include "support/loop_test.hpp"
#include "support/trace_text.hpp"

namespace asyncio {
namespace {

class CombinatorsTraceTest : public LoopTest {
 public:
  CombinatorsTraceTest() {
    loop.reset();
    loop = make_loop(time, &trace.recorder());
  }
  ~CombinatorsTraceTest() override { loop.reset(); }

  // "timeout entered: active" for each event of these types of resources.
  Notes told(const std::string& types) {
    const std::regex event("\"type\":\"(" + types + R"re()","op":"(\w+)","state":"([^"]*)")re");
    Notes found;
    for (const std::string& line : trace.events({"resource"}))
      if (std::smatch match; std::regex_search(line, match, event))
        found.push_back(match.str(1) + " " + match.str(2) + ": " + match.str(3));
    return found;
  }
  // What the tasks waited for, in order: `kind op`.
  Notes awaited() {
    static const std::regex kAwaiting(R"re("awaiting":\{"kind":"(\w+)"(.*?"op":"(\w+)")?)re");
    Notes found;
    for (const std::string& line : trace.events({"task_suspended"}))
      if (std::smatch match; std::regex_search(line, match, kAwaiting))
        found.push_back(match.str(1) + (match[3].matched ? " " + match.str(3) : ""));
    return found;
  }
  TraceText trace{time};
};

TEST_F(CombinatorsTraceTest, TimeoutIsEnteredRescheduledExpiredAndExited) {
  const auto main = [&]() -> Coro<> {
    co_await timeout(1s, sleep(0s));
    EXPECT_THROW(co_await timeout(1s,
                                  [&](Timeout& limit) -> Coro<> {
                                    limit.reschedule(loop->time() + 2s);
                                    co_await sleep(1h);
                                  }),
                 TimeoutError);
  };
  run(main());
  EXPECT_EQ(told("timeout"), (Notes{"timeout created: active", "timeout entered: active",
                                    "timeout exited: finished", "timeout created: active",
                                    "timeout entered: active", "timeout rescheduled: active",
                                    "timeout expired: expiring", "timeout exited: expired"}));
}

TEST_F(CombinatorsTraceTest, TaskGroupTellsItsTasksAndWhoWaitsForThem) {
  const auto fails = []() -> Coro<> {
    co_await sleep(1s);
    throw std::runtime_error("no");
  };
  const auto main = [&]() -> Coro<> {
    EXPECT_THROW(co_await task_group([&](TaskGroup& group) -> Coro<> {
                   group.create_task(fails());
                   group.create_task(sleep(1h));
                   co_return;
                 }),
                 ExceptionGroup);
  };
  run(main());
  EXPECT_EQ(
      told("task_group"),
      (Notes{"task_group created: 0 tasks", "task_group entered: 0 tasks",
             "task_group task_added: 1 task", "task_group task_added: 2 tasks",
             "task_group task_done: 1 task", "task_group cancelled: 1 task, errors:1, cancelling",
             "task_group task_done: 0 tasks, errors:1, cancelling",
             "task_group exited: 0 tasks, errors:1, cancelling"}));
  EXPECT_EQ(awaited()[0], "task_group join");
}

TEST_F(CombinatorsTraceTest, ScopeTellsItsDeadlineItsShieldAndWhetherItCaught) {
  const auto main = [&]() -> Coro<> {
    co_await move_on_after(1s, [](CancelScope& scope) -> Coro<> {
      scope.set_shield(true);
      co_await sleep(1h);
    });
    CancelScope scope;
    co_await scope.with([&]() -> Coro<> {
      scope.cancel();
      co_return;
    });
  };
  run(main());
  EXPECT_EQ(
      told("cancel_scope"),
      (Notes{"cancel_scope created: active", "cancel_scope entered: active",
             "cancel_scope shielded: active, shielded", "cancel_scope expired: cancelled, shielded",
             "cancel_scope exited: caught, shielded", "cancel_scope created: active",
             "cancel_scope entered: active", "cancel_scope cancelled: cancelled",
             "cancel_scope exited: cancelled"}));
}

TEST_F(CombinatorsTraceTest, ChannelTellsHowFullItIsAndWhoWaitsAtIt) {
  const auto main = [&]() -> Coro<> {
    auto [sender, receiver] = open_memory_channel<int>(1);
    const auto receives = [](MemoryReceiveChannel<int> from) -> Coro<> {
      co_await from.receive();
      co_await from.receive();
    };
    const Task<> task = create_task(receives(std::move(receiver)));
    co_await sleep(0s);
    co_await sender.send(1);
    co_await sender.send(2);
    sender.close();
    co_await task;
  };
  run(main());
  EXPECT_EQ(told("channel"), (Notes{"channel created: 0/1", "channel sent: 0/1",
                                    "channel sent: 1/1", "channel sender_closed: no senders",
                                    "channel received: no senders", "channel closed: no senders"}));
  EXPECT_EQ(awaited()[1], "channel receive");
}

TEST_F(CombinatorsTraceTest, CombinatorsTellWhatTheyCollect) {
  const auto main = [&]() -> Coro<> {
    std::vector<Task<>> tasks{create_task(sleep(1s)), create_task(sleep(2s))};
    co_await wait(tasks, FIRST_COMPLETED);
    auto completed = as_completed(tasks);
    while (co_await completed.next()) {
    }
    co_await shield(sleep(1s));
    co_await open_nursery([](Nursery& nursery) -> Coro<> {
      co_await nursery.start([](TaskStatus<> status) -> Coro<> {
        co_await sleep(1s);
        status.started();
      });
    });
  };
  run(main());
  const Notes created = normalised(trace.events({"future_created"}));
  Notes found;
  for (const std::string& line : created)
    found.push_back(std::regex_replace(line, std::regex(R"(,"loc".*)"), ""));
  ASSERT_EQ(found.size(), 6U);
  const std::string both = R"("children":[{"kind":"task","id":1},{"kind":"task","id":2}])";
  EXPECT_NE(found[0].find("\"type\":\"wait\"," + both), std::string::npos) << found[0];
  EXPECT_NE(found[1].find("\"type\":\"as_completed\"," + both), std::string::npos) << found[1];
  EXPECT_NE(found[3].find("\"type\":\"shield\""), std::string::npos) << found[3];
  const std::string child = R"("children":[{"kind":"task","id":4}])";
  EXPECT_NE(found[4].find("\"type\":\"nursery_start\"," + child), std::string::npos) << found[4];
}

}  // namespace
}  // namespace asyncio
