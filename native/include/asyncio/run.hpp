// Running a program's main coroutine.
#pragma once

#include <asyncio/sleep.hpp>
#include <asyncio/task.hpp>

namespace asyncio {

namespace detail {

// The loop of one run(): made and set as this thread's current loop, closed and unset at the end.
// asyncio: Runner
class RunLoop {
 public:
  // Throws RuntimeError where a loop is running.
  explicit RunLoop(std::optional<bool> debug);
  RunLoop(const RunLoop&) = delete;
  RunLoop& operator=(const RunLoop&) = delete;
  ~RunLoop();
  EventLoop& operator*() const noexcept { return *loop_; }
  // Runs until `main` is done, then cancels what is left, runs until that is done, and closes the
  // loop.
  void run(FutureBase& main);

 private:
  void cancel_rest();
  void close();

  std::unique_ptr<EventLoop> loop_;
};

// Cancels the loop's tasks; done when they are. Null when there are none.
Ref<FutureBase> cancel_all_tasks(EventLoop& loop);
// What they threw instead goes to the exception handler. asyncio: runners._cancel_all_tasks
void report_failed_shutdown(EventLoop& loop, FutureBase& cancelled);

}  // namespace detail

// Makes a loop, runs `main` in it until it is done, cancels the tasks that are left, and closes the
// loop. Gives the result of `main`, or throws its exception. Throws RuntimeError where a loop is
// running.
// asyncio: run
template <class T>
T run(Coro<T> main, std::optional<bool> debug = std::nullopt,
      std::source_location loc = std::source_location::current()) {
  detail::RunLoop loop(debug);
  const Task<T> task = (*loop).create_task(std::move(main), {}, loc);
  loop.run(*task.shared());
  return detail::take(*task.shared());
}

}  // namespace asyncio
