#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class JoinTest : public LoopTest {
 public:
  Coro<int> number(Duration delay, int value) {
    try {
      co_await sleep(delay);
    } catch (const CancelledError&) {
      note("cancelled " + std::to_string(value));
      throw;
    }
    co_return value;
  }
  static Coro<> fails(Duration delay) {
    co_await sleep(delay);
    throw std::runtime_error("failed");
  }
  // Uses what its caller holds, and takes a while to end.
  static Coro<> adds(std::string& text) {
    try {
      co_await sleep(10s);
    } catch (const CancelledError&) {
    }
    co_await sleep(1s);
    text += "a text that is long enough to be allocated somewhere";
  }
};

TEST_F(JoinTest, GivesTheResultsInTheOrderOfTheArguments) {
  const auto main = [&]() -> Coro<> {
    EXPECT_EQ(co_await join(number(2s, 1), number(1s, 2)), (std::tuple{1, 2}));
    std::vector<Coro<int>> several;
    for (int value = 0; value < 3; ++value) several.push_back(number(1s, value));
    const std::vector<int> results = co_await join(std::move(several));
    EXPECT_EQ(results, (std::vector{0, 1, 2}));
  };
  run(main());
}

TEST_F(JoinTest, CancelsAndWaitsForTheOthersBeforeItThrows) {
  const auto works = [&]() -> Coro<> {
    std::string text;
    co_await join(adds(text), fails(1s), number(5s, 3));
  };
  const auto main = [&]() -> Coro<> {
    try {
      co_await works();
    } catch (const std::runtime_error& error) {
      note(error.what());
      EXPECT_EQ(now(), 2s);
    }
    co_await sleep(20s);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"cancelled 3", "failed"}));
}

TEST_F(JoinTest, CancelledWaitsForAllHoweverOften) {
  const auto works = [&]() -> Coro<> {
    std::string text;
    co_await join(adds(text), number(5s, 3));
  };
  const auto main = [&]() -> Coro<> {
    const Task<> task = create_task(works());
    co_await sleep(1s);
    task.cancel();
    co_await sleep(500ms);
    task.cancel();
    co_await wait(std::tuple{task});
    EXPECT_TRUE(task.cancelled());
    EXPECT_EQ(now(), 1500ms) << "the second request reached the one that took its time";
  };
  run(main());
  EXPECT_EQ(notes, Notes{"cancelled 3"});
}

}  // namespace
}  // namespace asyncio
