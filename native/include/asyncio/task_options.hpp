// What is asked of a task that is about to be made.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <asyncio/context.hpp>

namespace asyncio {

// A task factory may change it. Differs from asyncio: there a factory returns the task, and may
// return another one.
struct TaskOptions {
  std::string name;                // "Task-1" ... if empty
  std::optional<Context> context;  // to run in; nullopt: a copy of the current one
  bool eager_start = false;        // begins at once if the loop runs
  std::string_view coro;           // the coroutine's name
};

}  // namespace asyncio
