#include "backends/epoll_poller.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "backends/clocks.hpp"
#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class EpollPollerTest : public LoopTest {
 public:
  EpollPollerTest() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0); }
  ~EpollPollerTest() override {
    for (const int fd : ends)
      if (fd >= 0) close(fd);
  }
  // What is ready, as text: "read", "write", "both".
  Notes wait(std::optional<Duration> timeout) {
    std::vector<Ready> ready;
    poller.wait(timeout, ready);
    Notes found;
    for (const Ready& one : ready) {
      EXPECT_EQ(one.fd, ends[0]);
      found.emplace_back(one.interest == Interest::both   ? "both"
                         : one.interest == Interest::read ? "read"
                                                          : "write");
    }
    return found;
  }
  Duration time_of_wait(Duration timeout) {
    const auto begin = std::chrono::steady_clock::now();
    wait(timeout);
    return std::chrono::steady_clock::now() - begin;
  }

  EpollPoller poller;
  int ends[2] = {-1, -1};
};

TEST_F(EpollPollerTest, WaitsAtLeastTheTimeout) {
  for (const Duration timeout : {Duration(1ns), Duration(1ms), Duration(1500us), Duration(7ms)}) {
    for (int round = 0; round < 5; ++round) EXPECT_GE(time_of_wait(timeout), timeout);
  }
}

TEST_F(EpollPollerTest, ZeroTimeoutDoesNotWait) {
  const auto begin = std::chrono::steady_clock::now();
  for (int round = 0; round < 100; ++round) wait(0s);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 100 * 10ms);
}

TEST_F(EpollPollerTest, WakeFromAnotherThreadEndsAWait) {
  std::thread other([&] {
    std::this_thread::sleep_for(10ms);
    poller.wake();
  });
  EXPECT_EQ(wait(std::nullopt), Notes{});
  other.join();
}

TEST_F(EpollPollerTest, WakesBeforeAWaitEndItOnce) {
  poller.wake();
  poller.wake();
  EXPECT_EQ(wait(std::nullopt), Notes{});
  EXPECT_GE(time_of_wait(5ms), 5ms) << "the wakes are used up";
  poller.wake();
  EXPECT_EQ(wait(0s), Notes{});
  EXPECT_GE(time_of_wait(5ms), 5ms) << "a wait of no time uses them up too";
}

TEST_F(EpollPollerTest, TellsWhatIsReadable) {
  poller.watch(ends[0], Interest::read);
  EXPECT_EQ(wait(0s), Notes{});
  ASSERT_EQ(write(ends[1], "x", 1), 1);
  EXPECT_EQ(wait(std::nullopt), Notes{"read"});
  EXPECT_EQ(wait(0s), Notes{"read"}) << "until it was read";
  char byte = 0;
  ASSERT_EQ(read(ends[0], &byte, 1), 1);
  EXPECT_EQ(wait(0s), Notes{});
}

TEST_F(EpollPollerTest, TellsWhatIsWritable) {
  poller.watch(ends[0], Interest::write);
  EXPECT_EQ(wait(std::nullopt), Notes{"write"});
}

TEST_F(EpollPollerTest, InterestCanBeChangedAndForgotten) {
  ASSERT_EQ(write(ends[1], "x", 1), 1);
  poller.watch(ends[0], Interest::both);
  EXPECT_EQ(wait(0s), Notes{"both"});
  poller.watch(ends[0], Interest::read);
  EXPECT_EQ(wait(0s), Notes{"read"});
  poller.watch(ends[0], Interest::none);
  EXPECT_EQ(wait(0s), Notes{});
  poller.watch(ends[0], Interest::none);
  poller.watch(ends[0], Interest::write);
  EXPECT_EQ(wait(0s), Notes{"write"});
}

TEST_F(EpollPollerTest, HangUpMakesBothReady) {
  poller.watch(ends[0], Interest::read);
  close(ends[1]);
  ends[1] = -1;
  const Notes ready = wait(0s);
  ASSERT_EQ(ready.size(), 1U);
  EXPECT_NE(ready[0], "write");
}

TEST_F(EpollPollerTest, BadDescriptorIsASystemError) {
  try {
    poller.watch(-1, Interest::read);
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::bad_file_descriptor);
  }
}

TEST_F(EpollPollerTest, TimersOfALoopDoNotFireEarly) {
  EventLoop real({std::make_shared<MonotonicClock>(), std::make_shared<EpollPoller>()});
  const auto main = [&]() -> Coro<> {
    for (int round = 1; round <= 20; ++round) {
      const Instant begin = real.time();
      co_await sleep(round * 100us);
      EXPECT_GE(real.time() - begin, round * 100us);
    }
  };
  real.run_until_complete(main());
}

}  // namespace
}  // namespace asyncio
