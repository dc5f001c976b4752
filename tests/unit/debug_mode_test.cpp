#include <thread>

#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class DebugModeTest : public LoopTest {
 public:
  DebugModeTest() { loop->set_debug(true); }
};

TEST_F(DebugModeTest, IsOffUnlessAskedFor) {
  EXPECT_TRUE(loop->get_debug());
  EXPECT_FALSE(make_loop()->get_debug());
}

TEST_F(DebugModeTest, SlowCallbackIsWarnedAbout) {
  const Handle handle = loop->call_soon([&] { time->advance(250ms); });
  turns(1);
  EXPECT_EQ(messages(), Messages{"warning: Executing " + handle.text() + " took 0.250 seconds"});
  EXPECT_TRUE(handle.text().starts_with("<Handle " + std::to_string(handle.id()) +
                                        " created at debug_mode_test.cpp:"))
      << handle.text();
}

TEST_F(DebugModeTest, SlowStepIsWarnedAboutByTheNameOfItsTask) {
  const auto slow = [&]() -> Coro<> {
    time->advance(100ms);
    co_return;
  };
  loop->run_until_complete<void>(loop->create_task(slow(), "slow one"));
  EXPECT_EQ(messages(), Messages{"warning: Executing <Task finished name='slow one' "
                                 "coro=<lambda()>> took 0.100 seconds"});
}

TEST_F(DebugModeTest, QuickCallbackIsNotWarnedAbout) {
  loop->call_soon([&] { time->advance(99ms); });
  turns(1);
  EXPECT_EQ(messages(), Messages{});
}

TEST_F(DebugModeTest, WhatIsSlowCanBeChanged) {
  loop->slow_callback_duration = 1s;
  loop->call_soon([&] { time->advance(999ms); });
  turns(1);
  EXPECT_EQ(messages(), Messages{});
  loop->call_soon([&] { time->advance(1s); });
  turns(1);
  EXPECT_EQ(messages().size(), 1U);
}

TEST_F(DebugModeTest, SlowCallbackIsNotWarnedAboutOtherwise) {
  loop->set_debug(false);
  loop->call_soon([&] { time->advance(10s); });
  turns(1);
  EXPECT_EQ(messages(), Messages{});
}

TEST_F(DebugModeTest, CallsFromAnotherThreadAreRefusedWhileTheLoopRuns) {
  const auto elsewhere = [&](auto call) {
    std::thread([&] { note(message_of<RuntimeError>(call)); }).join();
  };
  loop->call_soon([&] {
    elsewhere([&] { loop->call_soon([] {}); });
    elsewhere([&] { loop->call_later(1s, [] {}); });
    elsewhere([&] { loop->call_at(Instant(1s), [] {}); });
    loop->stop();
  });
  loop->run_forever();
  const std::string refused =
      "Non-thread-safe operation invoked on an event loop other than the current one";
  EXPECT_EQ(notes, (Notes{refused, refused, refused}));
}

TEST_F(DebugModeTest, LoopThatDoesNotRunBelongsToNoThread) {
  std::thread([&] { loop->call_soon([&] { note("ran"); }); }).join();
  turns(1);
  EXPECT_EQ(notes, Notes{"ran"});
}

TEST_F(DebugModeTest, CoroutineThatWasNeverAwaitedSaysWhereItIs) {
  loop->set_debug(true);
  loop->call_soon([] { static_cast<void>([]() -> Coro<> { co_return; }()); });
  turns(1);
  const Messages said = messages();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_TRUE(
      said[0].starts_with("warning: coroutine 'lambda' was never awaited | Coroutine defined at "))
      << said[0];
  EXPECT_NE(said[0].find("debug_mode_test.cpp:"), std::string::npos) << said[0];
}

}  // namespace
}  // namespace asyncio
