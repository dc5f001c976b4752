// What every backend must do alike.
#include <algorithm>
#include <atomic>
#include <sstream>
#include <thread>

#include <asyncio/asyncio.hpp>
#include <gtest/gtest.h>

#include "backends/registry.hpp"
#include "support/loop_test.hpp"
#include "support/programs.hpp"

namespace asyncio {
namespace {

std::vector<std::string> backend_names() {
  std::vector<std::string> names;
  for (const BackendInfo& backend : available_backends()) names.emplace_back(backend.name);
  return names;
}

TEST(BackendsTest, AllThatMustBeThereAreThere) {
  const std::vector<std::string> names = backend_names();
  std::istringstream required(LOOPSCOPE_REQUIRED_BACKENDS);
  int count = 0;
  for (std::string name; std::getline(required, name, ','); ++count)
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  EXPECT_GT(count, 0);
}

TEST(BackendsTest, AnUnknownOneIsRefusedWithTheNamesThatExist) {
  std::string names;
  for (const std::string& name : backend_names()) names += (names.empty() ? "" : ", ") + name;
  EXPECT_EQ(message_of<std::invalid_argument>([] { make_backend("carrier pigeon"); }),
            "no loop is called \"carrier pigeon\"; there are: " + names);
}

TEST(BackendsTest, EachHasAWordAboutIt) {
  for (const BackendInfo& backend : available_backends())
    EXPECT_FALSE(backend.about.empty()) << backend.name;
}

// `loop` is the backend's; `time` of the fixture is not used.
class BackendTest : public LoopTest, public ::testing::WithParamInterface<std::string> {
 public:
  BackendTest() {
    loop.reset();
    loop = std::make_unique<EventLoop>(make_backend(GetParam()));
  }
};

TEST_P(BackendTest, TellsItsName) { EXPECT_EQ(loop->backend_name(), GetParam()); }

TEST_P(BackendTest, CallbacksRunInTheOrderOfTheCalls) {
  for (int call = 0; call < 10; ++call)
    loop->call_soon([this, call] { note(std::to_string(call)); });
  loop->call_soon([&] { loop->stop(); });
  loop->run_forever();
  EXPECT_EQ(notes, (Notes{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}));
}

TEST_P(BackendTest, TurnRunsWhatWasThereWhenItBegan) {
  loop->call_soon([&] {
    note("a");
    loop->call_soon([&] { note("c"); });
  });
  loop->call_soon([&] { note("b"); });
  loop->turn(0s);
  EXPECT_EQ(notes, (Notes{"a", "b"}));
  loop->turn(0s);
  EXPECT_EQ(notes, (Notes{"a", "b", "c"}));
}

TEST_P(BackendTest, TimersRunInTheOrderOfTheirDeadlinesAndNotEarly) {
  const Instant begin = loop->time();
  const auto timer = [&](Duration delay, std::string name) {
    loop->call_at(begin + delay, [=, this] {
      EXPECT_GE(loop->time(), begin + delay);
      note(name);
    });
  };
  timer(9ms, "9");
  timer(3ms, "3");
  timer(6ms, "6a");
  timer(6ms, "6b");
  timer(0ms, "0");
  timer(-5ms, "-5");
  loop->call_at(begin + 12ms, [&] { loop->stop(); });
  loop->run_forever();
  EXPECT_EQ(notes, (Notes{"-5", "0", "3", "6a", "6b", "9"}));
}

TEST_P(BackendTest, ClockNeverGoesBackwards) {
  const auto main = [&]() -> Coro<> {
    Instant last = loop->time();
    for (int round = 0; round < 20; ++round) {
      co_await sleep(200us);
      EXPECT_GE(loop->time(), last + 200us);
      last = loop->time();
    }
  };
  run(main());
}

TEST_P(BackendTest, CancelledTimerNeitherRunsNorKeepsTheLoopWaiting) {
  loop->call_later(10min, [&] { note("never"); }).cancel();
  loop->call_later(2ms, [&] { loop->stop(); });
  const Instant begin = loop->time();
  loop->run_forever();
  EXPECT_EQ(notes, Notes{});
  EXPECT_LT(loop->time() - begin, 1min);
}

TEST_P(BackendTest, AnotherThreadWakesIt) {
  std::thread other([&] {
    std::this_thread::sleep_for(10ms);
    loop->call_soon_threadsafe([&] {
      note("woken");
      loop->stop();
    });
  });
  loop->run_forever();
  other.join();
  EXPECT_EQ(notes, Notes{"woken"});
}

TEST_P(BackendTest, WakesAreNotLost) {
  // One thread sends the next call as soon as the last one ran: a lost wake-up would hang.
  constexpr int kCalls = 500;
  std::atomic<int> ran{0};
  std::thread other([&] {
    for (int call = 0; call < kCalls; ++call) {
      loop->call_soon_threadsafe([&] {
        if (++ran == kCalls) loop->stop();
      });
      while (ran <= call) std::this_thread::yield();
    }
  });
  loop->run_forever();
  other.join();
  EXPECT_EQ(ran, kCalls);
}

TEST_P(BackendTest, StoppedLoopRunsAgain) {
  for (int round = 0; round < 3; ++round) {
    loop->call_later(1ms, [&] {
      note("round");
      loop->stop();
    });
    loop->run_forever();
  }
  EXPECT_EQ(notes, (Notes{"round", "round", "round"}));
}

TEST_P(BackendTest, ManyLoopsOneAfterAnother) {
  for (int round = 0; round < 50; ++round) {
    EventLoop another(make_backend(GetParam()));
    const auto main = [&]() -> Coro<int> { co_return co_await sleep(1us, 1); };
    EXPECT_EQ(another.run_until_complete(main()), 1);
  }
}

TEST_P(BackendTest, WaitMayBeCutShort) {
  loop->call_later(1h, [&] { note("never"); });
  const Instant begin = loop->time();
  loop->turn(3ms);
  EXPECT_GE(loop->time() - begin, 3ms);
  EXPECT_LT(loop->time() - begin, 1min);
  EXPECT_EQ(notes, Notes{});
}

struct BackendAndProgram {
  std::string backend;
  TestProgram program;
};

class BackendProgramTest : public LoopTest,
                           public ::testing::WithParamInterface<BackendAndProgram> {};

TEST_P(BackendProgramTest, SaysTheSameOnEveryBackend) {
  Journal expected;
  const auto reference = make_loop();
  reference->run_until_complete(GetParam().program.main(expected));
  Journal journal;
  EventLoop other(make_backend(GetParam().backend));
  other.run_until_complete(GetParam().program.main(journal));
  EXPECT_EQ(journal.entries(), expected.entries());
  EXPECT_EQ(messages(), Messages{});
}

std::vector<BackendAndProgram> backends_and_programs() {
  std::vector<BackendAndProgram> all;
  for (const std::string& backend : backend_names())
    for (const TestProgram& program : test_programs())
      if (program.on_any_clock) all.push_back({backend, program});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Backends, BackendTest, ::testing::ValuesIn(backend_names()),
                         [](const auto& info) { return info.param; });
INSTANTIATE_TEST_SUITE_P(Backends, BackendProgramTest, ::testing::ValuesIn(backends_and_programs()),
                         [](const auto& info) {
                           return info.param.backend + "_" + std::string(info.param.program.name);
                         });

}  // namespace
}  // namespace asyncio
