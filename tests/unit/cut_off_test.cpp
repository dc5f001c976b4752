// Each program is cut off after every number of turns, and the loop destroyed: under
// AddressSanitizer nothing may be used after it is gone, and nothing may be left behind.
#include "support/loop_test.hpp"
#include "support/programs.hpp"

namespace asyncio {
namespace {

class CutOffTest : public LoopTest, public ::testing::WithParamInterface<TestProgram> {
 public:
  // How many turns it takes to the end.
  static std::uint64_t whole() {
    Journal journal;
    const auto loop = make_loop();
    loop->run_until_complete(GetParam().main(journal));
    return loop->turns();
  }
};

TEST_P(CutOffTest, LoopIsDestroyedAfterEachNumberOfTurns) {
  const std::uint64_t turns = whole();
  const std::size_t blocks = detail::live_blocks();
  for (std::uint64_t count = 0; count < turns; ++count) {
    Journal journal;
    {
      const auto loop = make_loop();
      loop->create_task(GetParam().main(journal));
      for (std::uint64_t turn = 0; turn < count; ++turn) loop->turn();
    }
    messages();
    ASSERT_EQ(detail::live_blocks(), blocks) << "after " << count << " turns";
  }
}

TEST_P(CutOffTest, LoopIsDestroyedWhileTheTaskIsHeld) {
  const std::uint64_t turns = whole();
  for (std::uint64_t count = 0; count < turns; ++count) {
    Journal journal;
    auto loop = make_loop();
    const Task<> task = loop->create_task(GetParam().main(journal));
    for (std::uint64_t turn = 0; turn < count; ++turn) loop->turn();
    loop->close();
    loop.reset();
    task.cancel();
    messages();
  }
}

TEST_P(CutOffTest, MainIsCancelledAfterEachNumberOfTurns) {
  const std::uint64_t turns = whole();
  const std::size_t blocks = detail::live_blocks();
  for (std::uint64_t count = 0; count < turns; ++count) {
    Journal journal;
    {
      const auto loop = make_loop();
      const Task<> task = loop->create_task(GetParam().main(journal));
      for (std::uint64_t turn = 0; turn < count; ++turn) loop->turn();
      task.cancel("cut off");
      // It may swallow that and end otherwise, but end it must.
      try {
        loop->run_until_complete<void>(task);
      } catch (const CancelledError&) {
      }
      EXPECT_TRUE(task.done());
    }
    messages();
    ASSERT_EQ(detail::live_blocks(), blocks) << "after " << count << " turns";
  }
}

TEST_P(CutOffTest, EveryTaskIsCancelledAfterEachNumberOfTurns) {
  const std::uint64_t turns = whole();
  for (std::uint64_t count = 0; count < turns; ++count) {
    Journal journal;
    {
      const auto loop = make_loop();
      const Task<> task = loop->create_task(GetParam().main(journal));
      for (std::uint64_t turn = 0; turn < count; ++turn) loop->turn();
      for (const AnyTask& each : all_tasks(*loop)) each.cancel();
      for (int turn = 0; turn < 3; ++turn) loop->turn(0s);
    }
    messages();
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, CutOffTest,
                         ::testing::ValuesIn(test_programs().begin(), test_programs().end()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace asyncio
