// The fixture of every test of the core.
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <asyncio/asyncio.hpp>
#include <asyncio/log.hpp>
#include <gtest/gtest.h>

#include "backends/virtual_time.hpp"

namespace asyncio {

using namespace std::chrono_literals;

// A loop on a virtual clock of its own, which starts at 0 and never waits for other threads.
//
// A test fails when it leaves a handle, future, task or coroutine frame behind, or when the library
// says anything (an unhandled exception, a coroutine never awaited ...) that the test does not take
// with messages().
class LoopTest : public ::testing::Test {
 public:
  LoopTest();
  ~LoopTest() override;
  void TearDown() override;

  static std::unique_ptr<EventLoop> make_loop(
      std::shared_ptr<VirtualTime> time = std::make_shared<VirtualTime>(),
      Tracer* tracer = nullptr);

  template <class T>
  T run(Coro<T> main) {
    return loop->run_until_complete(std::move(main));
  }
  void turns(int count) {
    for (; count > 0; --count) loop->turn(Duration::zero());
  }
  Duration now() const { return loop->time().time_since_epoch(); }

  // What the library said since the last call, one text each; the lines of a text are joined by
  // " | ".
  static std::vector<std::string> messages();
  using Messages = std::vector<std::string>;

  // What the test itself notes while it runs.
  void note(std::string what) { notes.push_back(std::move(what)); }
  using Notes = std::vector<std::string>;
  Notes notes;

  std::shared_ptr<VirtualTime> time = std::make_shared<VirtualTime>();
  std::unique_ptr<EventLoop> loop = make_loop(time);

 protected:
  // The compiler may forget to free a frame whose destruction throws: GCC does.
  bool may_lose_frames = false;

 private:
  std::size_t blocks_before_;
};

// What the exception of type E that `action` throws says; another exception fails the test.
template <class E, std::invocable F>
std::string message_of(F&& action) {
  try {
    std::forward<F>(action)();
  } catch (const E& error) {
    return error.what();
  }
  return "(nothing was thrown)";
}

}  // namespace asyncio
