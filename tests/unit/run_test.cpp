#include "program/settings.hpp"
#include "support/loop_test.hpp"

namespace asyncio {
namespace {

// run() makes its own loop: here one under the process's virtual clock.
class RunTest : public LoopTest {
 public:
  RunTest() { program::set_backend("virtual"); }
  ~RunTest() override { program::set_backend(""); }

  Coro<> cleans_up(std::string name) {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
      note(name + " cancelled");
      throw;
    }
  }
};

TEST_F(RunTest, GivesTheResult) {
  const auto main = []() -> Coro<int> {
    co_await sleep(1s);
    co_return 42;
  };
  EXPECT_EQ(asyncio::run(main()), 42);
}

TEST_F(RunTest, ThrowsTheException) {
  const auto main = []() -> Coro<> {
    co_await sleep(1s);
    throw std::runtime_error("boom");
  };
  EXPECT_EQ(message_of<std::runtime_error>([&] { asyncio::run(main()); }), "boom");
}

TEST_F(RunTest, CanRunAgain) {
  const auto main = [](int value) -> Coro<int> { co_return value; };
  EXPECT_EQ(asyncio::run(main(1)), 1);
  EXPECT_EQ(asyncio::run(main(2)), 2);
}

TEST_F(RunTest, CancelsWhatIsLeftInTheOrderItWasMade) {
  const auto main = [&]() -> Coro<> {
    create_task(cleans_up("a"));
    create_task(cleans_up("b"));
    co_await sleep(0s);
    note("main returns");
  };
  asyncio::run(main());
  EXPECT_EQ(notes, (Notes{"main returns", "a cancelled", "b cancelled"}));
}

TEST_F(RunTest, CancelsWhatIsLeftBeforeItThrows) {
  const auto main = [&]() -> Coro<> {
    create_task(cleans_up("a"));
    co_await sleep(0s);
    throw std::runtime_error("boom");
  };
  EXPECT_THROW(asyncio::run(main()), std::runtime_error);
  EXPECT_EQ(notes, Notes{"a cancelled"});
}

TEST_F(RunTest, WaitsForWhatIsLeftToCleanUp) {
  const auto slow = [&]() -> Coro<> {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
    }
    co_await sleep(5s);
    note("cleaned up");
  };
  const auto main = [&]() -> Coro<> {
    create_task(slow());
    co_await sleep(0s);
  };
  asyncio::run(main());
  EXPECT_EQ(notes, Notes{"cleaned up"});
}

TEST_F(RunTest, ExceptionsOfTheCleanUpAreReported) {
  const auto fails = []() -> Coro<> {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
      throw std::logic_error("no");
    }
  };
  const auto main = [&]() -> Coro<> {
    create_task(fails(), "unclean");
    co_await sleep(0s);
  };
  asyncio::run(main());
  EXPECT_EQ(messages(),
            Messages{"error: unhandled exception during asyncio.run() shutdown | <Task finished "
                     "name='unclean' coro=<lambda()> exception=std::logic_error: no> | "
                     "std::logic_error: no"});
}

TEST_F(RunTest, TaskMadeByTheCleanUpIsDestroyedPending) {
  const auto persists = [&]() -> Coro<> {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
      create_task(cleans_up("too late"), "too late");
    }
  };
  const auto main = [&]() -> Coro<> {
    create_task(persists());
    co_await sleep(0s);
  };
  asyncio::run(main());
  EXPECT_EQ(notes, Notes{});
}

TEST_F(RunTest, WithinARunningLoopThrows) {
  const auto nothing = []() -> Coro<> { co_return; };
  const auto main = [&]() -> Coro<> {
    note(message_of<RuntimeError>([&] { asyncio::run(nothing()); }));
    co_return;
  };
  asyncio::run(main());
  EXPECT_EQ(notes, Notes{"asyncio.run() cannot be called from a running event loop"});
  EXPECT_EQ(messages(), Messages{"warning: coroutine 'lambda' was never awaited"});
}

TEST_F(RunTest, StoppedLoopThrowsAndCleansUp) {
  const auto main = [&]() -> Coro<> {
    get_running_loop().call_soon([] { get_running_loop().stop(); });
    co_await cleans_up("main");
  };
  EXPECT_EQ(message_of<RuntimeError>([&] { asyncio::run(main()); }),
            "Event loop stopped before Future completed.");
  EXPECT_EQ(notes, Notes{"main cancelled"});
}

TEST_F(RunTest, ThreadHasACurrentLoopMeanwhileOnly) {
  const auto main = [&]() -> Coro<> {
    EXPECT_EQ(&get_event_loop(), &get_running_loop());
    co_return;
  };
  asyncio::run(main());
  EXPECT_EQ(message_of<RuntimeError>([] { get_event_loop(); }),
            "There is no current event loop in this thread.");
}

TEST_F(RunTest, LoopIsClosedAfterwards) {
  std::optional<Future<>> kept;
  const auto main = [&]() -> Coro<> {
    kept = get_running_loop().create_future();
    co_return;
  };
  asyncio::run(main());
  EXPECT_EQ(message_of<RuntimeError>([&] { static_cast<void>(kept->get_loop()); }),
            "Event loop is closed");
}

TEST_F(RunTest, LoopIsClosedWhenAnExceptionLeavesIt) {
  struct AtEnd {
    bool& closed;
    EventLoop* loop;
    ~AtEnd() { closed = loop->is_closed(); }
  };
  bool closed = false;
  const auto main = [&]() -> Coro<> {
    get_running_loop().call_later(
        1h, [end = std::make_unique<AtEnd>(AtEnd{closed, running_loop()})] {});
    throw std::runtime_error("boom");
    co_return;
  };
  EXPECT_THROW(asyncio::run(main()), std::runtime_error);
  EXPECT_TRUE(closed);
}

TEST_F(RunTest, DebugModeIsOnRequest) {
  const auto main = []() -> Coro<bool> { co_return get_running_loop().get_debug(); };
  EXPECT_FALSE(asyncio::run(main()));
  EXPECT_TRUE(asyncio::run(main(), true));
  program::set_debug(true);
  EXPECT_TRUE(asyncio::run(main()));
  EXPECT_FALSE(asyncio::run(main(), false));
  program::set_debug(false);
}

TEST_F(RunTest, TimeGoesOnFromOneRunToTheNext) {
  const auto main = []() -> Coro<Instant> {
    co_await sleep(1s);
    co_return get_running_loop().time();
  };
  const Instant first = asyncio::run(main());
  EXPECT_EQ(asyncio::run(main()), first + 1s);
}

}  // namespace
}  // namespace asyncio
