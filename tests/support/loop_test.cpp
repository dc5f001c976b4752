#include "support/loop_test.hpp"

#include <algorithm>
#include <mutex>

namespace asyncio {

namespace {

std::mutex messages_mutex;
std::vector<std::string> said;

void collect(LogLevel level, std::string_view text) noexcept {
  std::string line = level == LogLevel::error ? "error: " : "warning: ";
  for (const char c : text) line += c == '\n' ? std::string(" | ") : std::string(1, c);
  const std::lock_guard lock(messages_mutex);
  said.push_back(std::move(line));
}

bool nobody_else() noexcept { return false; }

}  // namespace

LoopTest::LoopTest() : blocks_before_(detail::live_blocks()) {
  set_log_sink(&collect);
  messages();
}

LoopTest::~LoopTest() { set_log_sink(nullptr); }

void LoopTest::TearDown() {
  loop.reset();
  // A test may end a loop while tasks wait: the loop says so, as it must.
  Messages unexpected = messages();
  std::erase_if(unexpected, [](const std::string& text) {
    return text.find("Task was destroyed but it is pending!") != std::string::npos ||
           text.find("unclosed event loop") != std::string::npos;
  });
  EXPECT_EQ(unexpected, Messages{}) << "the library said this, and the test did not expect it";
  if (!may_lose_frames) {
    EXPECT_EQ(detail::live_blocks(), blocks_before_)
        << "handles, futures, tasks or coroutine frames were left behind";
  }
  EXPECT_EQ(running_loop(), nullptr);
}

std::unique_ptr<EventLoop> LoopTest::make_loop(std::shared_ptr<VirtualTime> time, Tracer* tracer) {
  const auto poller = std::make_shared<VirtualPoller>(time, &nobody_else);
  return std::make_unique<EventLoop>(EventLoop::Backend{std::move(time), poller}, tracer);
}

std::vector<std::string> LoopTest::messages() {
  const std::lock_guard lock(messages_mutex);
  return std::exchange(said, {});
}

}  // namespace asyncio
