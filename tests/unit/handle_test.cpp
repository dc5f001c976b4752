#include "support/loop_test.hpp"

namespace asyncio {
namespace {

using HandleTest = LoopTest;

TEST_F(HandleTest, CancelledCallbackNeverRuns) {
  Handle handle = loop->call_soon([&] { note("ran"); });
  handle.cancel();
  turns(3);
  EXPECT_EQ(notes, Notes{});
}

TEST_F(HandleTest, DroppedHandleStillRuns) {
  loop->call_soon([&] { note("ran"); });
  turns(1);
  EXPECT_EQ(notes, Notes{"ran"});
}

TEST_F(HandleTest, RunsOnceOnly) {
  loop->call_soon([&] { note("ran"); });
  turns(3);
  EXPECT_EQ(notes, Notes{"ran"});
}

TEST_F(HandleTest, CancelledByAnEarlierCallbackOfTheSameTurnNeverRuns) {
  Handle second;
  loop->call_soon([&] { second.cancel(); });
  second = loop->call_soon([&] { note("second"); });
  loop->call_soon([&] { note("third"); });
  turns(2);
  EXPECT_EQ(notes, Notes{"third"});
}

TEST_F(HandleTest, CallbackMayCancelItself) {
  Handle handle;
  handle = loop->call_soon([&, kept = std::make_unique<int>(7)] {
    handle.cancel();
    note(std::to_string(*kept));
  });
  turns(1);
  EXPECT_EQ(notes, Notes{"7"});
  EXPECT_TRUE(handle.cancelled());
}

TEST_F(HandleTest, TellsWhetherItWasCancelled) {
  Handle handle = loop->call_soon([] {});
  EXPECT_FALSE(handle.cancelled());
  handle.cancel();
  EXPECT_TRUE(handle.cancelled());
  handle.cancel();
  EXPECT_TRUE(handle.cancelled());
}

TEST_F(HandleTest, CopiesAreTheSameHandle) {
  const Handle handle = loop->call_soon([&] { note("ran"); });
  Handle copy = handle;
  copy.cancel();
  EXPECT_TRUE(handle.cancelled());
  EXPECT_EQ(copy.id(), handle.id());
  turns(1);
  EXPECT_EQ(notes, Notes{});
}

TEST_F(HandleTest, EmptyHandleIsHarmless) {
  Handle handle;
  handle.cancel();
  EXPECT_FALSE(handle.cancelled());
  EXPECT_EQ(handle.id(), 0U);
  EXPECT_EQ(TimerHandle().when(), Instant{});
}

TEST_F(HandleTest, CancellingLetsGoOfWhatItWouldRun) {
  const auto held = std::make_shared<int>();
  Handle soon = loop->call_soon([held] {});
  TimerHandle later = loop->call_later(1s, [held] {});
  EXPECT_EQ(held.use_count(), 3);
  soon.cancel();
  later.cancel();
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(HandleTest, RunningLetsGoOfWhatItRanUnlessTheHandleIsHeld) {
  const auto held = std::make_shared<int>();
  Handle handle = loop->call_soon([held] {});
  loop->call_soon([held] {});
  turns(1);
  EXPECT_EQ(held.use_count(), 2);
  handle = Handle();
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(HandleTest, CancellingAfterItRanDoesNothing) {
  const auto held = std::make_shared<int>();
  Handle handle = loop->call_soon([held] {});
  turns(1);
  handle.cancel();
  EXPECT_EQ(held.use_count(), 2);
}

TEST_F(HandleTest, OutlivesItsLoop) {
  Handle soon = loop->call_soon([&] { note("ran"); });
  TimerHandle later = loop->call_later(1s, [&] { note("ran"); });
  loop.reset();
  EXPECT_FALSE(soon.cancelled());
  soon.cancel();
  later.cancel();
  EXPECT_EQ(later.when(), Instant(1s));
  EXPECT_EQ(notes, Notes{});
}

TEST_F(HandleTest, CallableMayBeMoveOnlyAndItsResultIsIgnored) {
  loop->call_soon([this, text = std::make_unique<std::string>("moved")] {
    note(*text);
    return 42;
  });
  turns(1);
  EXPECT_EQ(notes, Notes{"moved"});
}

TEST_F(HandleTest, TimerHandleTellsItsDeadline) {
  time->advance(2s);
  EXPECT_EQ(loop->call_later(3s, [] {}).when(), Instant(5s));
  EXPECT_EQ(loop->call_at(Instant(4s), [] {}).when(), Instant(4s));
}

TEST_F(HandleTest, DestructorOfACallbackMayScheduleMore) {
  struct Schedules {
    HandleTest* test;
    ~Schedules() {
      test->loop->call_soon([test = test] { test->note("scheduled at destruction"); });
    }
  };
  Handle handle = loop->call_soon([held = std::make_unique<Schedules>(Schedules{this})] {});
  notes.clear();
  handle.cancel();
  handle = Handle();
  turns(1);
  EXPECT_GE(notes.size(), 1U);
  EXPECT_EQ(notes.front(), "scheduled at destruction");
}

}  // namespace
}  // namespace asyncio
