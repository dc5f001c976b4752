// Sleeping.
#pragma once

#include <asyncio/task.hpp>

namespace asyncio {

// Suspends the task for `delay`; others run meanwhile. The timer completes a future in the turn in
// which it is due, and the task goes on in the turn after. A delay of zero or less waits for the
// next turn only. asyncio: sleep
Coro<> sleep(Duration delay);

// The same, and gives `result`.
template <class T>
Coro<T> sleep(Duration delay, T result) {
  co_await sleep(delay);
  co_return result;
}

}  // namespace asyncio
