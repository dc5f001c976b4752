#include "bomb.hpp"

namespace asyncio {
namespace {

// Compilers are not at their best where destroying a frame throws: GCC forgets its memory, Clang
// reads from it once more. So sanitizers do not see these.
class ThrowingFrameTest : public LoopTest {
 public:
  ThrowingFrameTest() { may_lose_frames = true; }
  Coro<int> returns_one(Bomb, bool waits) {
    if (waits) co_await sleep(Duration{0});
    note("body");
    co_return 1;
  }
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
