#include "program/settings.hpp"
#include "support/loop_test.hpp"
#include "support/trace_text.hpp"

namespace asyncio {
namespace {

class HostedRunTest : public LoopTest {
 public:
  HostedRunTest() { program::set_backend("virtual"); }
  ~HostedRunTest() override { program::set_backend(""); }

  // What a host does: a turn when the time has come.
  static void drive(HostedRun& run) {
    while (!run.finished()) {
      VirtualTime::of_process()->advance(run.next_timeout().value());
      run.advance();
    }
  }

  Coro<> cleans_up(std::string name) {
    std::exception_ptr cancelled;
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
      cancelled = std::current_exception();
    }
    note(name + " cancelled");
    co_await sleep(1s);
    std::rethrow_exception(cancelled);
  }
  Coro<int> program() {
    create_task(cleans_up("a"), "a");
    const Task<> b = create_task(cleans_up("b"), "b");
    const auto [x, y] = co_await gather(sleep(2s, 1), sleep(1s, 2));
    b.cancel();
    co_await sleep(0s);
    note("main returns");
    co_return x + y;
  }
};

TEST_F(HostedRunTest, GivesTheResult) {
  HostedRun run(program());
  EXPECT_FALSE(run.finished());
  EXPECT_EQ(run.next_timeout(), 0s);
  drive(run);
  EXPECT_EQ(run.result(), 3);
  EXPECT_EQ(notes, (Notes{"b cancelled", "main returns", "a cancelled"}));
}

TEST_F(HostedRunTest, ThrowsTheExceptionWhenAsked) {
  const auto main = []() -> Coro<int> {
    co_await sleep(1s);
    throw std::runtime_error("boom");
  };
  HostedRun run(main());
  drive(run);
  EXPECT_EQ(message_of<std::runtime_error>([&] { run.result(); }), "boom");
}

TEST_F(HostedRunTest, NeverWaits) {
  const auto main = []() -> Coro<int> {
    co_await sleep(1h);
    co_return 0;
  };
  HostedRun run(main());
  const Instant begin = run.loop().time();
  run.advance();
  EXPECT_EQ(run.next_timeout(), 1h);
  run.advance();
  EXPECT_EQ(run.loop().time(), begin);
  EXPECT_FALSE(run.finished());
}

TEST_F(HostedRunTest, WaitingForTheHostHasNoTimeout) {
  std::optional<Future<int>> future;
  const auto main = [&]() -> Coro<int> {
    future = get_running_loop().create_future<int>();
    co_return co_await *future;
  };
  HostedRun run(main());
  run.advance();
  EXPECT_EQ(run.next_timeout(), std::nullopt);
  run.loop().call_soon_threadsafe([&] { future->set_result(7); });
  EXPECT_EQ(run.next_timeout(), 0s);
  drive(run);
  EXPECT_EQ(run.result(), 7);
  future = {};
}

TEST_F(HostedRunTest, CanBeDroppedInTheMiddle) {
  for (int turns = 0; turns < 6; ++turns) {
    HostedRun run(program());
    for (int turn = 0; turn < turns; ++turn) run.advance();
  }
  messages();
  EXPECT_THROW(get_event_loop(), RuntimeError);
}

TEST_F(HostedRunTest, LoopIsRunningBetweenTurnsAndClosedAtTheEnd) {
  HostedRun run(program());
  EXPECT_TRUE(run.loop().is_running());
  run.advance();
  EXPECT_TRUE(run.loop().is_running());
  EXPECT_EQ(running_loop(), nullptr) << "the host may do what it likes";
  drive(run);
  EXPECT_TRUE(run.loop().is_closed());
  EXPECT_EQ(run.result(), 3);
}

TEST_F(HostedRunTest, WritesTheTraceOfRun) {
  // Time passes between the turns, not in them: so when events happen is left out; and so are
  // the lines, for they are called from two.
  const auto traced = [&](auto&& run_it) {
    auto* trace = new TraceText(VirtualTime::of_process());
    program::set_recorder(std::unique_ptr<trace::Recorder>(&trace->recorder()));
    run_it();
    program::set_recorder(nullptr);
    const std::vector<std::string> lines = normalised(trace->lines(), {"t", "timeout", "line"});
    delete trace;
    return lines;
  };
  int of_run = 0;
  const std::vector<std::string> expected = traced([&] { of_run = asyncio::run(program()); });
  int of_host = 0;
  const std::vector<std::string> hosted = traced([&] {
    HostedRun run(program());
    drive(run);
    of_host = run.result();
  });
  EXPECT_EQ(of_host, of_run);
  EXPECT_EQ(difference(hosted, expected), "");
  EXPECT_GT(expected.size(), 50U);
}

}  // namespace
}  // namespace asyncio
