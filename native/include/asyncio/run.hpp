// Running a program's main coroutine.
#pragma once

#include <asyncio/runner.hpp>

namespace asyncio {

namespace detail {
// Throws RuntimeError where a loop is running.
void check_no_loop_runs();
}  // namespace detail

// Makes a loop, runs `main` in it until it is done, cancels the tasks that are left, and closes the
// loop. Gives the result of `main`, or throws its exception. Throws RuntimeError where a loop is
// running.
// asyncio: run
template <class T>
T run(Coro<T> main, std::optional<bool> debug = std::nullopt, LoopFactory loop_factory = {},
      std::source_location loc = std::source_location::current()) {
  detail::check_no_loop_runs();
  Runner runner(debug, std::move(loop_factory));
  // What is thrown may reach nobody: then the stack is not unwound, and no destructor closes the
  // loop.
  const auto result = [&]() -> T {
    try {
      return runner.run(std::move(main), loc);
    } catch (...) {
      runner.close();
      throw;
    }
  };
  if constexpr (std::is_void_v<T>) {
    result();
    runner.close();
  } else {
    T value = result();
    runner.close();
    return value;
  }
}

}  // namespace asyncio
