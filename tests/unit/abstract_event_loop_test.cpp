#include <deque>
#include <map>

#include <asyncio/abstract_event_loop.hpp>

#include "support/loop_test.hpp"
#include "support/programs.hpp"

namespace asyncio {
namespace {

// The smallest loop on which tasks, futures and sleep() run.
class TeachingLoop : public AbstractEventLoop {
 public:
  explicit TeachingLoop(std::shared_ptr<VirtualTime> clock = std::make_shared<VirtualTime>())
      : clock_(std::move(clock)) {}

  void call_soon(Handle handle) override { ready_.push_back(std::move(handle)); }
  // Only in one thread, as this loop lives.
  void call_soon_threadsafe(Handle handle) override { ready_.push_back(std::move(handle)); }
  void call_at(TimerHandle handle) override { timers_.emplace(handle.when(), handle); }
  Instant time() const override { return clock_->now(); }
  void stop() override { stopping_ = true; }
  void run_forever() override {
    const RunScope run(*this);
    do {
      if (ready_.empty() && !stopping_) wait();
      while (!timers_.empty() && timers_.begin()->first <= time())
        ready_.push_back(timers_.extract(timers_.begin()).mapped());
      const TurnScope turn(*this, ready_.size(), timers_.size());
      for (std::size_t left = ready_.size(); left > 0; --left) {
        const Handle handle = std::move(ready_.front());
        ready_.pop_front();
        handle.run();
      }
    } while (!std::exchange(stopping_, false));
  }
  void close() override {
    AbstractEventLoop::close();
    ready_.clear();
    timers_.clear();
  }

 private:
  void wait() {
    while (!timers_.empty() && timers_.begin()->second.cancelled()) timers_.erase(timers_.begin());
    if (timers_.empty()) throw DeadlockError("nothing to wait for");
    clock_->advance(timers_.begin()->first - time());
  }

  std::shared_ptr<VirtualTime> clock_;
  std::deque<Handle> ready_;
  std::multimap<Instant, TimerHandle> timers_;
  bool stopping_ = false;
};

class AbstractEventLoopTest : public LoopTest {
 public:
  TeachingLoop teaching;
  EventLoop& mine = teaching;  // what everybody else sees
  void TearDown() override {
    mine.close();
    LoopTest::TearDown();
  }
};

TEST_F(AbstractEventLoopTest, WhatIsMissingIsNotImplemented) {
  class Empty : public AbstractEventLoop {
  } empty;
  EventLoop& any = empty;
  EXPECT_EQ(message_of<NotImplementedError>([&] { any.call_soon([] {}); }), "call_soon()");
  EXPECT_THROW(any.call_later(1s, [] {}), NotImplementedError);
  EXPECT_EQ(message_of<NotImplementedError>([&] { any.call_at(Instant(1s), [] {}); }), "call_at()");
  EXPECT_EQ(message_of<NotImplementedError>([&] { any.call_soon_threadsafe([] {}); }),
            "call_soon_threadsafe()");
  EXPECT_EQ(message_of<NotImplementedError>([&] { static_cast<void>(any.time()); }), "time()");
  EXPECT_EQ(message_of<NotImplementedError>([&] { any.run_forever(); }), "run_forever()");
  EXPECT_EQ(message_of<NotImplementedError>([&] { any.stop(); }), "stop()");
  EXPECT_EQ(message_of<NotImplementedError>([&] { any.turn(); }), "turn()");
  EXPECT_EQ(message_of<NotImplementedError>([&] { any.add_reader(0, [] {}); }), "add_reader()");
  EXPECT_EQ(message_of<NotImplementedError>([&] { any.remove_writer(0); }), "remove_writer()");
  EXPECT_EQ(message_of<NotImplementedError>([&] { any.add_signal_handler(10, [] {}); }),
            "add_signal_handler()");
  EXPECT_EQ(message_of<NotImplementedError>([&] { any.run_in_executor(nullptr, [] {}); }),
            "run_in_executor()");
  any.close();
}

TEST_F(AbstractEventLoopTest, CallbacksRunInTheOrderOfTheCalls) {
  mine.call_soon([&] { note("1"); });
  mine.call_later(2s, [&] {
    note("3");
    mine.stop();
  });
  mine.call_soon([&] { note("2"); });
  mine.run_forever();
  EXPECT_EQ(notes, (Notes{"1", "2", "3"}));
  EXPECT_EQ(mine.time(), Instant(2s));
}

TEST_F(AbstractEventLoopTest, CancelledHandlesDoNotRun) {
  mine.call_soon([&] { note("cancelled"); }).cancel();
  mine.call_later(1s, [&] { note("cancelled"); }).cancel();
  mine.call_later(2s, [&] { mine.stop(); });
  mine.run_forever();
  EXPECT_EQ(notes, Notes{});
}

TEST_F(AbstractEventLoopTest, IsTheRunningLoopOfItsTasks) {
  const auto main = [&]() -> Coro<bool> { co_return running_loop() == &mine; };
  EXPECT_TRUE(mine.run_until_complete(main()));
  EXPECT_EQ(running_loop(), nullptr);
}

TEST_F(AbstractEventLoopTest, ExceptionOfACallbackGoesToItsHandler) {
  mine.set_exception_handler([&](EventLoop& of, const ExceptionContext& context) {
    note(context.message + (&of == &mine ? " of mine" : ""));
  });
  mine.call_soon([] { throw std::runtime_error("boom"); });
  mine.call_soon([&] { mine.stop(); });
  mine.run_forever();
  EXPECT_EQ(notes, Notes{"Exception in callback of mine"});
}

TEST_F(AbstractEventLoopTest, DefaultExceptionHandlerCanBeOverridden) {
  class Quiet : public TeachingLoop {
   public:
    void default_exception_handler(const ExceptionContext&) override {
      throw std::runtime_error("in the handler");
    }
  } quiet;
  quiet.call_exception_handler({"something", nullptr, {}, {}});
  EXPECT_EQ(messages(), Messages{"error: Exception in default exception handler | "
                                 "std::runtime_error: in the handler"});
  quiet.close();
}

TEST_F(AbstractEventLoopTest, RefusesWhatALoopRefuses) {
  const auto nested = [&]() -> Coro<std::string> {
    co_return message_of<RuntimeError>([&] { mine.run_forever(); });
  };
  EXPECT_EQ(mine.run_until_complete(nested()), "This event loop is already running");
  mine.close();
  mine.close();
  EXPECT_EQ(message_of<RuntimeError>([&] { mine.call_soon([] {}); }), "Event loop is closed");
  EXPECT_EQ(message_of<RuntimeError>([&] { mine.run_forever(); }), "Event loop is closed");
}

TEST_F(AbstractEventLoopTest, TasksThatNeverFinishedEndWhenItCloses) {
  const auto waits = [&]() -> Coro<> {
    struct AtEnd {
      AbstractEventLoopTest* test;
      ~AtEnd() { test->note("frame destroyed"); }
    } at_end{this};
    co_await sleep(1h);
  };
  mine.create_task(waits(), "waits");
  mine.call_later(1s, [&] { mine.stop(); });
  mine.run_forever();
  mine.close();
  EXPECT_EQ(notes, Notes{"frame destroyed"});
  EXPECT_EQ(messages(), Messages{"error: Task was destroyed but it is pending! | <Task pending "
                                 "name='waits' coro=<lambda()>>"});
}

TEST_F(AbstractEventLoopTest, RunTakesItAsALoopFactory) {
  const auto main = [&]() -> Coro<int> {
    const auto [one, two] = co_await gather(sleep(2s, 1), sleep(1s, 2));
    co_return one + two;
  };
  EXPECT_EQ(asyncio::run(main(), {}, [] { return std::make_unique<TeachingLoop>(); }), 3);
}

class ProgramOnTeachingLoopTest : public LoopTest,
                                  public ::testing::WithParamInterface<TestProgram> {};

TEST_P(ProgramOnTeachingLoopTest, SaysTheSameAsOnTheLibrarysLoop) {
  Journal expected;
  const auto reference = make_loop();
  reference->run_until_complete(GetParam().main(expected));
  Journal journal;
  TeachingLoop mine;
  mine.run_until_complete(GetParam().main(journal));
  EXPECT_EQ(journal.entries(), expected.entries());
  mine.close();
}

INSTANTIATE_TEST_SUITE_P(Programs, ProgramOnTeachingLoopTest, ::testing::ValuesIn(test_programs()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace asyncio
