#include "support/loop_test.hpp"

namespace asyncio {
namespace {

using CallSoonTest = LoopTest;

TEST_F(CallSoonTest, RunsInTheOrderOfTheCalls) {
  Notes expected;
  for (int callback = 0; callback < 100; ++callback) {
    loop->call_soon([this, callback] { note(std::to_string(callback)); });
    expected.push_back(std::to_string(callback));
  }
  turns(1);
  EXPECT_EQ(notes, expected);
}

TEST_F(CallSoonTest, DoesNotRunAtTheCall) {
  loop->call_soon([&] { note("ran"); });
  EXPECT_EQ(notes, Notes{});
  turns(1);
  EXPECT_EQ(notes, Notes{"ran"});
}

TEST_F(CallSoonTest, WhatATurnSchedulesRunsInTheNextTurn) {
  loop->call_soon([&] {
    note("a");
    loop->call_soon([&] { note("a again"); });
  });
  loop->call_soon([&] { note("b"); });
  turns(1);
  EXPECT_EQ(notes, (Notes{"a", "b"}));
  turns(1);
  EXPECT_EQ(notes, (Notes{"a", "b", "a again"}));
}

TEST_F(CallSoonTest, CallbackThatSchedulesItselfDoesNotKeepTheOthersWaiting) {
  int rounds = 0;
  struct Again {
    EventLoop& loop;
    int& rounds;
    void operator()() const {
      if (++rounds < 1000) loop.call_soon(Again{loop, rounds});
    }
  };
  loop->call_soon(Again{*loop, rounds});
  loop->call_later(0s, [&] { note("timer after " + std::to_string(rounds)); });
  turns(1000);
  EXPECT_EQ(rounds, 1000);
  EXPECT_EQ(notes, Notes{"timer after 1"});
}

TEST_F(CallSoonTest, IsPossibleBeforeTheLoopRunsAndBetweenRuns) {
  loop->call_soon([&] { note("before"); });
  loop->call_soon([&] { loop->stop(); });
  loop->run_forever();
  loop->call_soon([&] { note("between"); });
  EXPECT_EQ(notes, Notes{"before"});
  loop->call_soon([&] { loop->stop(); });
  loop->run_forever();
  EXPECT_EQ(notes, (Notes{"before", "between"}));
}

TEST_F(CallSoonTest, OnAClosedLoopThrows) {
  loop->close();
  EXPECT_EQ(message_of<RuntimeError>([&] { loop->call_soon([] {}); }), "Event loop is closed");
  EXPECT_EQ(message_of<RuntimeError>([&] { loop->call_later(1s, [] {}); }), "Event loop is closed");
  EXPECT_EQ(message_of<RuntimeError>([&] { loop->call_at(Instant(1s), [] {}); }),
            "Event loop is closed");
  EXPECT_EQ(message_of<RuntimeError>([&] { loop->call_soon_threadsafe([] {}); }),
            "Event loop is closed");
}

TEST_F(CallSoonTest, CallbackSeesItsLoopAsTheRunningOne) {
  loop->call_soon([&] { note(&get_running_loop() == loop.get() ? "mine" : "other"); });
  EXPECT_EQ(running_loop(), nullptr);
  turns(1);
  EXPECT_EQ(running_loop(), nullptr);
  EXPECT_EQ(notes, Notes{"mine"});
}

}  // namespace
}  // namespace asyncio
