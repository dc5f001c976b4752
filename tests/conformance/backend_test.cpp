// What every backend must do alike.
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
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

// -- Signals ------------------------------------------------------------------------------------------------------------

TEST_P(BackendTest, SignalEndsAWaitAndItsHandlerRunsInTheLoop) {
  loop->add_signal_handler(SIGUSR1, [&] {
    note(running_loop() == loop.get() ? "in the loop" : "elsewhere");
    loop->stop();
  });
  std::thread other([main = pthread_self()] {
    std::this_thread::sleep_for(10ms);
    pthread_kill(main, SIGUSR1);
  });
  loop->run_forever();
  other.join();
  EXPECT_EQ(notes, Notes{"in the loop"});
}

TEST_P(BackendTest, SignalThatComesBetweenRunsIsHandledInTheNextOne) {
  loop->add_signal_handler(SIGUSR1, [&] { note("handled"); });
  raise(SIGUSR1);
  raise(SIGUSR1);
  loop->call_soon([&] { loop->call_soon([&] { loop->stop(); }); });
  loop->run_forever();
  EXPECT_EQ(notes, Notes{"handled"});
}

TEST_P(BackendTest, SignalHandlerHasAContextOfItsOwnFromCallToCall) {
  const ContextVar<int> calls("calls", 0);
  loop->add_signal_handler(SIGUSR1, [&] {
    note(std::to_string(calls.get()));
    calls.set(calls.get() + 1);
  });
  for (int times = 0; times < 2; ++times) {
    raise(SIGUSR1);
    turns(1);
  }
  EXPECT_EQ(notes, (Notes{"0", "1"}));
  EXPECT_EQ(calls.get(), 0);
}

TEST_P(BackendTest, LaterHandlerOfASignalTakesThePlaceOfTheFirst) {
  loop->add_signal_handler(SIGUSR1, [&] { note("first"); });
  loop->add_signal_handler(SIGUSR1, [&] {
    note("second");
    loop->stop();
  });
  raise(SIGUSR1);
  loop->run_forever();
  EXPECT_EQ(notes, Notes{"second"});
}

TEST_P(BackendTest, RemovedSignalHandlerGivesTheSignalBack) {
  static volatile std::sig_atomic_t seen;
  seen = 0;
  std::signal(SIGUSR1, [](int) { seen = 1; });
  EXPECT_FALSE(loop->remove_signal_handler(SIGUSR1));
  loop->add_signal_handler(SIGUSR1, [&] { note("handled"); });
  EXPECT_TRUE(loop->remove_signal_handler(SIGUSR1));
  raise(SIGUSR1);
  turns(2);
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(notes, Notes{});
  loop->add_signal_handler(SIGUSR1, [] {});
  loop->close();
  seen = 0;
  raise(SIGUSR1);
  EXPECT_EQ(seen, 1) << "closing the loop gives it back too";
  std::signal(SIGUSR1, SIG_DFL);
}

TEST_P(BackendTest, SignalsThatCannotBeHandledAreRefused) {
  EXPECT_EQ(message_of<ValueError>([&] { loop->add_signal_handler(0, [] {}); }),
            "invalid signal number 0");
  EXPECT_EQ(message_of<ValueError>([&] { loop->remove_signal_handler(1000); }),
            "invalid signal number 1000");
  EXPECT_EQ(message_of<RuntimeError>([&] { loop->add_signal_handler(SIGKILL, [] {}); }),
            "sig 9 cannot be caught");
  loop->add_signal_handler(SIGUSR2, [] {});
  EventLoop another(make_backend(GetParam()));
  EXPECT_EQ(message_of<RuntimeError>([&] { another.add_signal_handler(SIGUSR2, [] {}); }),
            "signal " + std::to_string(SIGUSR2) + " is handled by another event loop");
}

// -- File descriptors -----------------------------------------------------------------------------------------------------

class DescriptorTest : public BackendTest {
 public:
  DescriptorTest() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0); }
  ~DescriptorTest() override {
    for (const int fd : ends) ::close(fd);
  }
  void send(std::string_view text) const {
    EXPECT_EQ(write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  std::string receive() const {
    char bytes[64];
    const ssize_t count = read(ends[0], bytes, sizeof bytes);
    return count < 0 ? "nothing" : std::string(bytes, static_cast<std::size_t>(count));
  }
  int ends[2] = {-1, -1};
};

TEST_P(DescriptorTest, ReaderIsCalledInTheTurnInWhichThereIsSomething) {
  loop->add_reader(ends[0], [&] {
    note(receive());
    loop->stop();
  });
  std::thread other([&] {
    std::this_thread::sleep_for(5ms);
    send("hello");
  });
  loop->run_forever();
  other.join();
  EXPECT_EQ(notes, Notes{"hello"});
}

TEST_P(DescriptorTest, ReaderIsCalledBetweenTheTimersThatWrite) {
  const Instant begin = loop->time();
  loop->add_reader(ends[0], [&] {
    note("got " + receive());
    if (notes.size() == 4) loop->stop();
  });
  const auto write = [&](const std::string& text) {
    note("writes " + text);
    send(text);
  };
  loop->call_later(2ms, [&] {
    write("one");
    loop->call_later(18ms, [&] { write("two"); });
  });
  loop->call_later(1h, [&] { write("three"); });
  loop->run_forever();
  EXPECT_EQ(notes, (Notes{"writes one", "got one", "writes two", "got two"}));
  EXPECT_LT(loop->time() - begin, 10min);
}

TEST_P(DescriptorTest, WakeAndTimerAreSeenWhileADescriptorIsWatched) {
  loop->add_reader(ends[0], [&] { note("never"); });
  std::thread other([&] {
    std::this_thread::sleep_for(5ms);
    loop->call_soon_threadsafe([&] {
      note("woken");
      loop->call_later(1ms, [&] {
        note("timer");
        loop->stop();
      });
    });
  });
  loop->run_forever();
  other.join();
  EXPECT_EQ(notes, (Notes{"woken", "timer"}));
}

TEST_P(DescriptorTest, SignalEndsAWaitForADescriptor) {
  loop->add_reader(ends[0], [&] {
    note(receive());
    loop->stop();
  });
  loop->add_signal_handler(SIGUSR1, [&] { send("by signal"); });
  std::thread other([main = pthread_self()] {
    std::this_thread::sleep_for(5ms);
    pthread_kill(main, SIGUSR1);
  });
  loop->run_forever();
  other.join();
  EXPECT_EQ(notes, Notes{"by signal"});
}

TEST_P(DescriptorTest, ThreadThatWorksForTheLoopCallsTheReader) {
  const auto main = [&]() -> Coro<> {
    const Future<std::string> received = loop->create_future<std::string>();
    loop->add_reader(ends[0], [&] {
      received.set_result(receive());
      loop->remove_reader(ends[0]);
    });
    const Task<> writes = create_task(to_thread([&] { send("from a thread"); }));
    note(co_await received);
    co_await writes;
  };
  run(main());
  loop->run_until_complete(loop->shutdown_default_executor());
  EXPECT_EQ(notes, Notes{"from a thread"});
}

TEST_P(DescriptorTest, ReaderIsCalledAgainUntilAllIsRead) {
  send("ab");
  loop->add_reader(ends[0], [&] {
    char byte = 0;
    EXPECT_EQ(read(ends[0], &byte, 1), 1);
    note(std::string(1, byte));
  });
  turns(4);
  EXPECT_EQ(notes, (Notes{"a", "b"}));
}

TEST_P(DescriptorTest, ReadersRunWithWhatWasReadyBeforeTheTurn) {
  // asyncio: what was scheduled before the wait runs first, then the descriptors, then the timers.
  send("x");
  loop->call_soon([&] { note("callback"); });
  loop->call_later(0s, [&] { note("timer"); });
  loop->add_reader(ends[0], [&] { note("reader " + receive()); });
  turns(1);
  EXPECT_EQ(notes, (Notes{"callback", "reader x", "timer"}));
}

TEST_P(DescriptorTest, WriterIsCalledWhileThereIsRoom) {
  loop->add_writer(ends[0], [&] {
    note("room");
    loop->remove_writer(ends[0]);
  });
  turns(3);
  EXPECT_EQ(notes, Notes{"room"});
}

TEST_P(DescriptorTest, TimersRunThoughAWriterIsReadyInEveryTurn) {
  loop->add_writer(ends[0], [] {});
  loop->call_later(1ms, [&] { loop->stop(); });
  loop->run_forever();
  EXPECT_TRUE(loop->remove_writer(ends[0]));
}

TEST_P(DescriptorTest, MayBeClosedBeforeItIsRemoved) {
  const int copy = dup(ends[0]);
  loop->add_reader(copy, [] {});
  loop->add_writer(copy, [] {});
  close(copy);
  EXPECT_TRUE(loop->remove_reader(copy));
  EXPECT_TRUE(loop->remove_writer(copy));
}

TEST_P(DescriptorTest, ReaderAndWriterOfOneDescriptorKnowNothingOfEachOther) {
  send("x");
  loop->add_reader(ends[0], [&] { note("read " + receive()); });
  loop->add_writer(ends[0], [&] { note("write"); });
  turns(1);
  EXPECT_EQ(notes, (Notes{"read x", "write"}));
  EXPECT_TRUE(loop->remove_reader(ends[0]));
  send("y");
  turns(1);
  EXPECT_EQ(notes, (Notes{"read x", "write", "write"}));
  EXPECT_TRUE(loop->remove_writer(ends[0]));
  EXPECT_FALSE(loop->remove_writer(ends[0]));
  turns(1);
  EXPECT_EQ(notes.size(), 3U);
}

TEST_P(DescriptorTest, LaterReaderTakesThePlaceOfTheFirst) {
  send("x");
  loop->add_reader(ends[0], [&] { note("first"); });
  loop->add_reader(ends[0], [&] { note("second " + receive()); });
  turns(2);
  EXPECT_EQ(notes, Notes{"second x"});
}

TEST_P(DescriptorTest, ReaderThatIsRemovedInTheTurnInWhichItIsReadyDoesNotRun) {
  send("x");
  loop->add_reader(ends[0], [&] { note("reader"); });
  loop->call_soon([&] { EXPECT_TRUE(loop->remove_reader(ends[0])); });
  turns(2);
  EXPECT_EQ(notes, Notes{});
}

TEST_P(DescriptorTest, ReaderMayRemoveItself) {
  send("x");
  loop->add_reader(ends[0], [&] {
    loop->remove_reader(ends[0]);
    note("once");
  });
  turns(3);
  EXPECT_EQ(notes, Notes{"once"});
}

TEST_P(DescriptorTest, ReaderThatThrowsIsReportedAndStays) {
  int calls = 0;
  loop->set_exception_handler(
      [&](EventLoop&, const ExceptionContext& context) { note(describe(context.exception)); });
  send("x");
  loop->add_reader(ends[0], [&] {
    if (++calls == 2) receive();
    throw std::runtime_error("call " + std::to_string(calls));
  });
  turns(3);
  EXPECT_EQ(notes, (Notes{"std::runtime_error: call 1", "std::runtime_error: call 2"}));
}

TEST_P(DescriptorTest, ReaderHasAContextOfItsOwnFromCallToCall) {
  const ContextVar<int> calls("calls", 0);
  Context().run([&] {
    calls.set(10);
    loop->add_reader(ends[0], [&] {
      note(std::to_string(calls.get()));
      calls.set(calls.get() + 1);
    });
    calls.set(20);
  });
  send("x");
  turns(2);
  EXPECT_EQ(notes, (Notes{"10", "11"}));
  EXPECT_EQ(calls.get(), 0);
}

TEST_P(DescriptorTest, HangUpCallsTheReader) {
  loop->add_reader(ends[0], [&] {
    note("end: '" + receive() + "'");
    loop->remove_reader(ends[0]);
  });
  shutdown(ends[1], SHUT_RDWR);
  turns(2);
  EXPECT_EQ(notes, Notes{"end: ''"});
}

TEST_P(DescriptorTest, AllThatAreReadyAreCalledInOneTurn) {
  constexpr std::size_t kPairs = 100;
  std::vector<std::array<int, 2>> pairs(kPairs);
  std::size_t calls = 0;
  for (auto& pair : pairs) {
    ASSERT_EQ(pipe(pair.data()), 0);
    loop->add_reader(pair[0], [&calls] { ++calls; });
    ASSERT_EQ(write(pair[1], "x", 1), 1);
  }
  turns(1);
  EXPECT_EQ(calls, kPairs);
  for (const auto& pair : pairs) {
    EXPECT_TRUE(loop->remove_reader(pair[0]));
    ::close(pair[0]);
    ::close(pair[1]);
  }
}

TEST_P(DescriptorTest, WhatIsNoDescriptorIsRefused) {
  EXPECT_THROW(loop->add_reader(-1, [] {}), std::system_error);
  EXPECT_FALSE(loop->remove_reader(-1));
  loop->close();
  EXPECT_EQ(message_of<RuntimeError>([&] { loop->add_reader(ends[0], [] {}); }),
            "Event loop is closed");
  EXPECT_FALSE(loop->remove_reader(ends[0]));
}

TEST_P(DescriptorTest, HighDescriptorIsWaitedForOrRefusedClearly) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < 2000)
    GTEST_SKIP() << "this system gives a process fewer descriptors";
  rlimit more = limit;
  more.rlim_cur = 2000;
  more.rlim_cur = std::max(limit.rlim_cur, more.rlim_cur);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &more), 0);
  const int high = 1500;
  ASSERT_EQ(dup2(ends[0], high), high);
  if (GetParam() == "select") {
    EXPECT_TRUE(message_of<std::system_error>([&] { loop->add_reader(high, [] {}); })
                    .starts_with("select() cannot wait for descriptor 1500: it must be below 1024 "
                                 "(use the poll or epoll loop)"));
  } else {
    send("x");
    loop->add_reader(high, [&] { note(receive()); });
    turns(1);
    EXPECT_EQ(notes, Notes{"x"});
    EXPECT_TRUE(loop->remove_reader(high));
  }
  ::close(high);
  setrlimit(RLIMIT_NOFILE, &limit);
}

INSTANTIATE_TEST_SUITE_P(Backends, DescriptorTest, ::testing::ValuesIn(backend_names()),
                         [](const auto& info) { return info.param; });

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
