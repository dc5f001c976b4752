// What the tests of locks, events, queues ... have in common.
#pragma once

#include <regex>
#include <string>

#include <asyncio/asyncio.hpp>

namespace asyncio {

// "<Lock [locked]>" of "<Lock 12 [locked]>".
inline std::string unnumbered(const std::string& text) {
  static const std::regex kNumber("<(\\w+) \\d+");
  return std::regex_replace(text, kNumber, "<$1");
}

// Waits until it is done: whether it was cancelled. Its exception is thrown.
template <class T>
Coro<bool> is_cancelled(Task<T> task) {
  try {
    co_await task;
  } catch (const CancelledError&) {
    co_return true;
  }
  co_return false;
}

}  // namespace asyncio
