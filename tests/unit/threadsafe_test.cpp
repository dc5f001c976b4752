#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "backends/registry.hpp"
#include "support/loop_test.hpp"

namespace asyncio {
namespace {

// On the real clock: the loop waits in the operating system until another thread wakes it.
class ThreadsafeTest : public LoopTest {
 public:
  std::unique_ptr<EventLoop> real = std::make_unique<EventLoop>(make_backend(""));

  void TearDown() override {
    real.reset();
    LoopTest::TearDown();
  }
};

TEST_F(ThreadsafeTest, WakesALoopThatWaits) {
  std::thread other([&] {
    std::this_thread::sleep_for(20ms);
    real->call_soon_threadsafe([&] {
      note("called");
      real->stop();
    });
  });
  real->run_forever();
  other.join();
  EXPECT_EQ(notes, Notes{"called"});
}

TEST_F(ThreadsafeTest, RunsOnTheLoopsThread) {
  const std::thread::id here = std::this_thread::get_id();
  std::thread other([&] {
    real->call_soon_threadsafe([&] {
      note(std::this_thread::get_id() == here ? "here" : "there");
      real->stop();
    });
  });
  real->run_forever();
  other.join();
  EXPECT_EQ(notes, Notes{"here"});
}

TEST_F(ThreadsafeTest, EachThreadsCallsRunInTheirOrder) {
  constexpr int kThreads = 4;
  constexpr int kCalls = 500;
  std::array<std::vector<int>, kThreads> seen;
  int left = kThreads * kCalls;
  std::vector<std::thread> threads;
  for (int number = 0; number < kThreads; ++number) {
    threads.emplace_back([&, number] {
      for (int call = 0; call < kCalls; ++call) {
        real->call_soon_threadsafe([&, number, call] {
          seen[static_cast<std::size_t>(number)].push_back(call);
          if (--left == 0) real->stop();
        });
      }
    });
  }
  real->run_forever();
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<int>& calls : seen) {
    ASSERT_EQ(calls.size(), static_cast<std::size_t>(kCalls));
    for (int call = 0; call < kCalls; ++call)
      EXPECT_EQ(calls[static_cast<std::size_t>(call)], call);
  }
}

TEST_F(ThreadsafeTest, FromTheLoopsOwnThreadItTakesItsPlaceInLine) {
  loop->call_soon([&] {
    loop->call_soon([&] { note("1"); });
    loop->call_soon_threadsafe([&] { note("2"); });
    loop->call_soon([&] { note("3"); });
  });
  turns(2);
  EXPECT_EQ(notes, (Notes{"1", "2", "3"}));
}

TEST_F(ThreadsafeTest, BeforeTheLoopRunsItTakesItsPlaceInLine) {
  loop->call_soon([&] { note("1"); });
  loop->call_soon_threadsafe([&] { note("2"); });
  EXPECT_EQ(loop->next_timeout(), 0s);
  loop->call_soon([&] { note("3"); });
  turns(1);
  EXPECT_EQ(notes, (Notes{"1", "2", "3"}));
}

TEST_F(ThreadsafeTest, FromOutsideOrderIsKeptAcrossThreads) {
  // What another thread scheduled before this call comes before it.
  loop->call_soon([&] {
    std::thread([&] { loop->call_soon_threadsafe([&] { note("1"); }); }).join();
    loop->call_soon([&] { note("2"); });
  });
  turns(2);
  EXPECT_EQ(notes, (Notes{"1", "2"}));
}

TEST_F(ThreadsafeTest, LoopMayRunInAThreadOtherThanTheOneThatMadeIt) {
  std::thread runner([&] { real->run_forever(); });
  std::atomic<int> calls{0};
  for (int call = 0; call < 100; ++call) real->call_soon_threadsafe([&] { ++calls; });
  real->call_soon_threadsafe([&] { real->stop(); });
  runner.join();
  EXPECT_EQ(calls, 100);
}

TEST_F(ThreadsafeTest, CallsWhileTheLoopClosesAreRefusedOrLetGo) {
  for (int round = 0; round < 50; ++round) {
    auto closing = std::make_unique<EventLoop>(make_backend(""));
    std::atomic<bool> ready{false};
    const auto held = std::make_shared<int>();
    int refused = 0;
    std::thread other([&] {
      ready = true;
      for (int call = 0; call < 50; ++call) {
        try {
          closing->call_soon_threadsafe([held] {});
        } catch (const RuntimeError&) {
          ++refused;
        }
      }
    });
    while (!ready) std::this_thread::yield();
    closing->close();
    other.join();
    closing.reset();
    EXPECT_EQ(held.use_count(), 1);
  }
}

TEST_F(ThreadsafeTest, CallThatNeverRanIsLetGoWithTheLoop) {
  const auto held = std::make_shared<int>();
  std::thread([&] { loop->call_soon_threadsafe([held] {}); }).join();
  EXPECT_EQ(held.use_count(), 2);
  loop.reset();
  EXPECT_EQ(held.use_count(), 1);
}

// Waits for wakes, and counts them.
class CountingPoller final : public Poller {
 public:
  CountingPoller() { quiet_ = true; }
  void watch(int, Interest) override {}
  void wait(std::optional<Duration> timeout, std::vector<Ready>&) override {
    std::unique_lock lock(mutex_);
    if (!timeout) {
      waits_ = true;
      woken_.wait(lock, [this] { return pending_; });
    }
    pending_ = waits_ = false;
  }
  void wake() noexcept override {
    const std::lock_guard lock(mutex_);
    pending_ = true;
    ++wakes_;
    woken_.notify_all();
  }
  std::string_view name() const noexcept override { return "counting"; }
  int wakes() const {
    const std::lock_guard lock(mutex_);
    return wakes_;
  }
  bool waits() const {
    const std::lock_guard lock(mutex_);
    return waits_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  bool pending_ = false;
  bool waits_ = false;
  int wakes_ = 0;
};

TEST_F(ThreadsafeTest, WakesALoopOnlyWhileItSleeps) {
  const auto poller = std::make_shared<CountingPoller>();
  EventLoop counted({make_backend("").clock, poller});
  int ran = 0;
  int wakes_while_busy = -1;
  const auto stay_busy = [&] {
    const int before = poller->wakes();
    std::thread([&] {
      for (int call = 0; call < 100; ++call) counted.call_soon_threadsafe([&] { ++ran; });
    }).join();
    wakes_while_busy = poller->wakes() - before;
  };
  std::thread other([&] {
    while (!poller->waits()) std::this_thread::yield();
    counted.call_soon_threadsafe(stay_busy);
    counted.call_soon_threadsafe([&] { counted.call_soon([&] { counted.stop(); }); });
  });
  counted.run_forever();
  other.join();
  EXPECT_EQ(wakes_while_busy, 0) << "it looks by itself before it sleeps";
  EXPECT_EQ(ran, 100);
  EXPECT_GE(poller->wakes(), 1);
}

TEST_F(ThreadsafeTest, WakesNoLoopInItsFirstTurn) {
  const auto poller = std::make_shared<CountingPoller>();
  EventLoop counted({make_backend("").clock, poller});
  counted.call_soon(
      [&] { std::thread([&] { counted.call_soon_threadsafe([&] { counted.stop(); }); }).join(); });
  counted.run_forever();
  EXPECT_EQ(poller->wakes(), 0);
}

TEST_F(ThreadsafeTest, WakesALoopThatAHostGivesTurns) {
  const auto poller = std::make_shared<CountingPoller>();
  EventLoop hosted({make_backend("").clock, poller});
  hosted.call_soon([&] { note("turn"); });
  hosted.turn(0s);
  std::thread([&] { hosted.call_soon_threadsafe([&] { note("called"); }); }).join();
  EXPECT_EQ(poller->wakes(), 1) << "the host may sleep";
  hosted.turn(0s);
  EXPECT_EQ(notes, (Notes{"turn", "called"}));
}

TEST_F(ThreadsafeTest, LoopsInSeveralThreadsDoNotDisturbOneAnother) {
  std::array<int, 4> results{};
  std::vector<std::thread> threads;
  for (std::size_t number = 0; number < results.size(); ++number) {
    threads.emplace_back([&results, number] {
      const auto adds = [](int value) -> Coro<int> {
        for (int round = 0; round < 50; ++round) co_await sleep(0s);
        co_return value;
      };
      const auto main = [&]() -> Coro<int> {
        const auto [one, two, three] = co_await gather(adds(1), adds(2), adds(3));
        co_return one + two + three;
      };
      EventLoop mine(make_backend(""));
      results[number] = mine.run_until_complete(main());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(results, (std::array{6, 6, 6, 6}));
}

}  // namespace
}  // namespace asyncio
