// Programs for tests that run many of them in many ways.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <asyncio/asyncio.hpp>

namespace asyncio {

// What a program says while it runs.
class Journal {
 public:
  void note(std::string what) { entries_.push_back(std::move(what)); }
  const std::vector<std::string>& entries() const noexcept { return entries_; }

 private:
  std::vector<std::string> entries_;
};

struct TestProgram {
  std::string_view name;
  Coro<> (*main)(Journal& journal);
  // Says the same on a real clock: the order of what it does hangs on no race between timers.
  bool on_any_clock;
};

// Between them they use everything that the core offers. Each ends by itself.
std::span<const TestProgram> test_programs();

}  // namespace asyncio
