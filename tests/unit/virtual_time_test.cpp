#include <chrono>
#include <thread>

#include "program/virtual_process_time.hpp"
#include "support/loop_test.hpp"

namespace asyncio {
namespace {

using VirtualTimeTest = LoopTest;

bool nobody() noexcept { return false; }
bool somebody() noexcept { return true; }

TEST_F(VirtualTimeTest, StartsAtZeroAndGoesOnWhenTold) {
  EXPECT_EQ(time->now(), Instant{});
  time->advance(1h);
  EXPECT_EQ(time->now(), Instant(1h));
  time->advance(-1h);
  EXPECT_EQ(time->now(), Instant(1h)) << "never backwards";
}

TEST_F(VirtualTimeTest, PassesForAProgramThatAsksUntilATimeHasCome) {
  const auto asks_until = [&](Instant end) {
    int asked = 1;
    while (time->ask() < end) ++asked;
    return asked;
  };
  EXPECT_EQ(asks_until(Instant(2s)), 85'703) << "the same at every run, and not for ever";
  EXPECT_LT(time->now() - Instant(2s), 1ms);
}

TEST_F(VirtualTimeTest, PassesForAProgramThatPollsTurnAfterTurn) {
  const auto main = [&]() -> Coro<> {
    const Task<int> sleeper = create_task(sleep(20ms, 7));
    while (!sleeper.done()) co_await sleep(0s);
    EXPECT_EQ(sleeper.result(), 7);
    EXPECT_LT(now(), 21ms) << "some turns later than the timer, no more";
    const Duration begin = now();
    while (now() < begin + 20ms) co_await sleep(0s);
    note("without a timer, too");
    bool flag = false;
    loop->call_later(1h, [&] { flag = true; });
    while (!flag) co_await sleep(0s);
  };
  run(main());
  EXPECT_EQ(notes, Notes{"without a timer, too"});
  EXPECT_LT(loop->turns(), 40'000U);
}

TEST_F(VirtualTimeTest, StandsStillForTwoThousandTurnsThatHaveSomethingToDo) {
  const auto main = [&]() -> Coro<> {
    for (int turn = 0; turn < 1990; ++turn) co_await sleep(0s);
    EXPECT_EQ(now(), 0s);
    co_await sleep(1s);
    for (int turn = 0; turn < 1990; ++turn) co_await sleep(0s);
    EXPECT_EQ(now(), 1s);
  };
  run(main());
}

TEST_F(VirtualTimeTest, DoesNotPassForAProgramThatAsksNowAndThen) {
  for (int round = 0; round < 5; ++round) {
    const Instant begin = time->now();
    for (int times = 0; times < 9'999; ++times) EXPECT_EQ(time->ask(), begin);
    time->advance(1ms);
  }
}

TEST_F(VirtualTimeTest, ToWaitIsToLetTimePass) {
  VirtualPoller poller(time, &nobody);
  std::vector<Ready> ready;
  poller.wait(90s, ready);
  EXPECT_EQ(time->now(), Instant(90s));
  poller.wait(0s, ready);
  EXPECT_EQ(time->now(), Instant(90s));
  EXPECT_TRUE(ready.empty());
}

TEST_F(VirtualTimeTest, WakeEndsTheNextWaitBeforeTimePasses) {
  VirtualPoller poller(time, &nobody);
  std::vector<Ready> ready;
  poller.wake();
  poller.wait(90s, ready);
  EXPECT_EQ(time->now(), Instant{});
  poller.wake();
  poller.wait(std::nullopt, ready);
  EXPECT_THROW(poller.wait(std::nullopt, ready), NothingToWaitFor);
}

TEST_F(VirtualTimeTest, CannotWaitForDescriptorsWithoutAWayTo) {
  VirtualPoller poller(time, &nobody);
  try {
    poller.watch(0, Interest::read);
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::function_not_supported);
  }
}

TEST_F(VirtualTimeTest, OtherThreadsKeepItWaiting) {
  VirtualPoller poller(time, &somebody);
  std::vector<Ready> ready;
  std::thread other([&] {
    std::this_thread::sleep_for(10ms);
    poller.wake();
  });
  poller.wait(std::nullopt, ready);
  other.join();
  EXPECT_EQ(time->now(), Instant{});
}

TEST_F(VirtualTimeTest, ThreadWakesTheLoopThatWaitsForIt) {
  EventLoop waiting({time, std::make_shared<VirtualPoller>(time, &somebody)});
  const Future<std::string> future = waiting.create_future<std::string>();
  std::thread other([&] {
    std::this_thread::sleep_for(10ms);
    waiting.call_soon_threadsafe([&] { future.set_result("from a thread"); });
  });
  EXPECT_EQ(waiting.run_until_complete(future), "from a thread");
  other.join();
}

TEST_F(VirtualTimeTest, LoopsThatShareTheTimeAreWokenApart) {
  // Two loops wait in two threads; each must get the wake-up that is meant for it.
  EventLoop one({time, std::make_shared<VirtualPoller>(time, &somebody)});
  EventLoop two({time, std::make_shared<VirtualPoller>(time, &somebody)});
  std::thread first([&] { one.run_forever(); });
  std::thread second([&] { two.run_forever(); });
  std::this_thread::sleep_for(10ms);
  two.call_soon_threadsafe([&] { two.stop(); });
  second.join();
  one.call_soon_threadsafe([&] { one.stop(); });
  first.join();
}

TEST_F(VirtualTimeTest, DeadlockNamesWhoWaitsForWhat) {
  const Future<> future = loop->create_future();
  const auto waits = [](Future<> for_what) -> Coro<> { co_await for_what; };
  const Task<> inner = loop->create_task(waits(future), "inner");
  const auto main = [&]() -> Coro<> { co_await inner; };
  const Task<> outer = loop->create_task(main(), "outer");
  EXPECT_EQ(message_of<DeadlockError>([&] { loop->run_until_complete<void>(outer); }),
            "the event loop would wait for ever: nothing is ready and no timer is set; "
            "inner waits for future " +
                std::to_string(future.id()) + ", outer waits for inner");
  // The loop can go on.
  future.set_result();
  loop->run_until_complete<void>(outer);
}

TEST_F(VirtualTimeTest, DeadlockOfNobodySaysSo) {
  EXPECT_EQ(message_of<DeadlockError>([&] { loop->run_forever(); }),
            "the event loop would wait for ever: nothing is ready and no timer is set");
}

TEST_F(VirtualTimeTest, DeadlockOfAGather) {
  const auto waits = [&]() -> Coro<> { co_await loop->create_future(); };
  const auto main = [&]() -> Coro<> { co_await gather(waits(), waits()); };
  const std::string message = message_of<DeadlockError>([&] { run(main()); });
  EXPECT_NE(message.find(" waits for gather "), std::string::npos) << message;
}

// In a process of its own, whose clocks all become virtual.
[[noreturn]] void sleep_virtually() {
  using Clock = std::chrono::steady_clock;
  const auto& shared = VirtualTime::of_process();
  const Instant start = shared->now();
  program::make_process_time_virtual();
  const auto begin = Clock::now();
  const auto calendar = std::chrono::system_clock::now();
  std::this_thread::sleep_for(std::chrono::hours(5));
  bool right = Clock::now() - begin == 5h && shared->now() == start + 5h;
  right = right && std::chrono::system_clock::now() - calendar == 5h;
  right = right && std::chrono::system_clock::to_time_t(calendar) ==
                       1577836800 + start.time_since_epoch() / 1s;
  std::this_thread::sleep_until(Clock::now() + 1h);
  right = right && shared->now() == start + 6h;
  // A coroutine that blocks keeps the loop from its timers.
  EventLoop loop({shared, std::make_shared<VirtualPoller>(shared, &nobody)});
  const auto main = [&]() -> Coro<Instant> {
    const Task<> ticks = create_task(sleep(1s));
    co_await sleep(0s);
    std::this_thread::sleep_for(10s);
    co_await ticks;
    co_return loop.time();
  };
  right = right && loop.run_until_complete(main()) == start + 6h + 10s;
  std::_Exit(right ? 0 : 1);
}

TEST_F(VirtualTimeTest, BlockingSleepsAdvanceItForTheWholeProcess) {
  EXPECT_EXIT(sleep_virtually(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace asyncio
