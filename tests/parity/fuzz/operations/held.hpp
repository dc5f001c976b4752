// `async with` of what can be acquired.
#pragma once

#include <asyncio/lock.hpp>

namespace fuzz {

// Does the work and gives back. As in Python, what giving back throws takes the place of what left
// the work; Held alone would tell the exception handler, for its destructor cannot throw.
template <class T>
asyncio::Coro<T> then_give_back(asyncio::Held held, asyncio::Coro<T> work) {
  std::exception_ptr failure;
  std::optional<T> value;
  try {
    value = co_await work;
  } catch (...) {
    failure = std::current_exception();
  }
  held.release();
  if (failure) std::rethrow_exception(failure);
  co_return *value;
}

}  // namespace fuzz
