#include <asyncio/threads.hpp>

#include "program/settings.hpp"
#include "support/loop_test.hpp"

namespace asyncio {
namespace {

// Throws where it dies; one that was moved from does not.
class Bomb {
 public:
  explicit Bomb(std::string name) : name_(std::move(name)) {}
  Bomb(Bomb&& other) noexcept : name_(std::exchange(other.name_, {})) {}
  Bomb& operator=(Bomb&&) = delete;
  // NOLINTNEXTLINE(bugprone-exception-escape): that is what it is for
  ~Bomb() noexcept(false) {
    if (!name_.empty()) throw std::runtime_error(name_);
  }

 private:
  std::string name_;
};

class ThrowingDestructorTest : public LoopTest {
 public:
  static std::string ignored(const std::string& name) {
    return "error: Exception ignored in a destructor | std::runtime_error: " + name;
  }
  Coro<int> returns_one(Bomb, bool waits) {
    if (waits) co_await sleep(Duration{0});
    note("body");
    co_return 1;
  }
};

TEST_F(ThrowingDestructorTest, OfACallbackThatHasRunIsLogged) {
  loop->call_soon([bomb = Bomb("captured"), this] { note("runs"); });
  loop->call_soon([this] { note("goes on"); });
  turns(1);
  EXPECT_EQ(notes, (Notes{"runs", "goes on"}));
  EXPECT_EQ(messages(), Messages{ignored("captured")});
}

TEST_F(ThrowingDestructorTest, OfACancelledCallbackIsLogged) {
  Handle handle = loop->call_soon([bomb = Bomb("captured")] {});
  handle.cancel();
  EXPECT_EQ(messages(), Messages{ignored("captured")});
  turns(1);
  EXPECT_EQ(messages(), Messages{});
}

TEST_F(ThrowingDestructorTest, OfACallbackThatTheLoopNeverRanIsLogged) {
  loop->call_later(std::chrono::hours(1), [bomb = Bomb("captured")] {});
  loop.reset();
  EXPECT_EQ(messages(), Messages{ignored("captured")});
}

TEST_F(ThrowingDestructorTest, OfADoneCallbackIsLogged) {
  const auto future = loop->create_future();
  future.add_done_callback([bomb = Bomb("captured"), this](const Future<>&) { note("runs"); });
  future.set_result();
  turns(1);
  EXPECT_EQ(notes, Notes{"runs"});
  EXPECT_EQ(messages(), Messages{ignored("captured")});
}

TEST_F(ThrowingDestructorTest, OfACallInAnotherThreadIsLoggedAndItsResultComes) {
  program::set_backend("virtual");
  const auto main = []() -> Coro<int> {
    auto call = [bomb = Bomb("captured")] { return 7; };
    co_return co_await to_thread(std::move(call));
  };
  EXPECT_EQ(asyncio::run(main()), 7);
  program::set_backend("");
  EXPECT_EQ(messages(), Messages{ignored("captured")});
}

class ThrowingFrameTest : public ThrowingDestructorTest {
 public:
  ThrowingFrameTest() { may_lose_frames = true; }
};

TEST_F(ThrowingFrameTest, OfAParameterIsLoggedAndTheCallerGoesOn) {
  for (const bool waits : {false, true}) {
    const auto main = [&]() -> Coro<int> {
      const int one = co_await returns_one(Bomb("parameter"), waits);
      note("caller");
      co_return one + 1;
    };
    EXPECT_EQ(run(main()), 2);
    EXPECT_EQ(messages(), Messages{ignored("parameter")});
  }
  EXPECT_EQ(notes, (Notes{"body", "caller", "body", "caller"}));
}

TEST_F(ThrowingFrameTest, OfParametersOfSeveralCallersAreLoggedOneAfterTheOther) {
  const auto outer = [&](Bomb) -> Coro<int> {
    co_return 1 + co_await returns_one(Bomb("inner"), true);
  };
  EXPECT_EQ(run(outer(Bomb("outer"))), 2);
  EXPECT_EQ(messages(), (Messages{ignored("inner"), ignored("outer")}));
}

TEST_F(ThrowingFrameTest, OfATasksParameterIsLoggedAndTheTaskIsDone) {
  for (const bool eager : {false, true}) {
    const auto main = [&]() -> Coro<int> {
      const std::string name = current_task()->get_name();
      Coro<int> one = returns_one(Bomb("parameter"), false);
      const Task<int> task =
          eager ? Task<int>(std::move(one), eager_start) : create_task(std::move(one));
      note(task.done() ? "done at once" : "pending");
      const int result = co_await task;
      EXPECT_EQ(current_task()->get_name(), name);
      co_return result;
    };
    EXPECT_EQ(run(main()), 1);
    EXPECT_EQ(messages(), Messages{ignored("parameter")});
  }
  EXPECT_EQ(notes, (Notes{"pending", "body", "body", "done at once"}));
}

TEST_F(ThrowingFrameTest, OfALocalIsThrownByTheCoroutine) {
  const auto main = []() -> Coro<> {
    const Bomb bomb("local");
    co_await sleep(Duration{0});
  };
  EXPECT_EQ(message_of<std::runtime_error>([&] { run(main()); }), "local");
  EXPECT_EQ(messages(), Messages{});
}

TEST_F(ThrowingFrameTest, OfALocalOfATaskThatIsLeftIsLogged) {
  const auto waits = [this]() -> Coro<> {
    const Bomb bomb("local");
    co_await loop->create_future();
  };
  loop->create_task(waits());
  turns(1);
  loop.reset();
  const Messages said = messages();
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[1], ignored("local"));
}

TEST_F(ThrowingFrameTest, OfAParameterThatWasNeverAwaitedIsLogged) {
  static_cast<void>(returns_one(Bomb("parameter"), false));
  EXPECT_EQ(messages(),
            (Messages{"warning: coroutine 'returns_one' was never awaited", ignored("parameter")}));
  returns_one(Bomb("parameter"), false).close();
  EXPECT_EQ(messages(), Messages{ignored("parameter")});
}

TEST_F(ThrowingFrameTest, OfALocalOfAGeneratorThatNobodyClosesIsLogged) {
  const auto counts = []() -> AsyncGenerator<int> {
    const Bomb bomb("local");
    co_yield 1;
  };
  std::optional<AsyncGenerator<int>> generator = counts();
  const auto main = [&]() -> Coro<int> { co_return *co_await generator->next(); };
  EXPECT_EQ(run(main()), 1);
  loop.reset();
  generator.reset();
  EXPECT_EQ(messages(), Messages{ignored("local")});
}

}  // namespace
}  // namespace asyncio
