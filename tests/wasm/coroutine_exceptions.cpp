// Ten ways in which exceptions and coroutines meet, and which compilers to WebAssembly have got
// wrong. Each prints its name and what came out; whatever was made must be gone again. The exit
// code is the number of those that went wrong.
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>

#include <asyncio/asyncio.hpp>

using asyncio::Coro;
using asyncio::sleep;
using namespace std::chrono_literals;

namespace {

// Counts the objects that exist: an exception must destroy what it passes.
struct Counted {
  static inline int alive = 0;
  Counted() { ++alive; }
  Counted(const Counted&) = delete;
  ~Counted() { --alive; }
};

Coro<int> one_or_throw(bool fails) {
  co_await sleep(0s);
  if (fails) throw std::runtime_error("asked to");
  co_return 1;
}

Coro<int> leaf(int value, bool fails) {
  Counted counted;
  co_await sleep(0s);
  if (fails) throw std::runtime_error("leaf");
  co_return value;
}

Coro<int> catches_one_of_many_in_a_loop() {
  int sum = 0;
  for (int i = 0; i < 5; ++i) {
    try {
      sum += co_await leaf(i, i == 3);
    } catch (const std::exception&) {
      sum += 100;
    }
  }
  co_return sum;  // 0 + 1 + 2 + 100 + 4
}

Coro<int> goes_on_after_an_await_that_throws() {
  int sum = 0;
  for (int i = 0; i < 4; ++i) {
    try {
      Counted first;
      sum += co_await one_or_throw(i == 2);
      Counted second;
      sum += co_await one_or_throw(false);
    } catch (const std::runtime_error& error) {
      sum += error.what() == std::string("asked to") ? 1000 : -5000;
    }
  }
  co_return sum;  // three times two, and one caught
}

Coro<int> catches_only_its_own_type() {
  try {
    Counted counted;
    co_await sleep(0s);
    throw std::logic_error("logic");
  } catch (const std::runtime_error&) {
    co_return -1;
  }
}

Coro<int> catches_and_throws_on() {
  int result = 0;
  try {
    try {
      result += co_await catches_only_its_own_type();
    } catch (const std::logic_error&) {
      result += 10;
      throw;
    }
  } catch (const std::exception& error) {
    result += error.what() == std::string("logic") ? 5 : -100;
  }
  co_await sleep(0s);
  co_return result;
}

Coro<int> keeps_an_exception_and_awaits_meanwhile() {
  std::exception_ptr kept;
  for (int i = 0; i < 3; ++i) {
    bool caught = false;
    try {
      co_await one_or_throw(i == 1);
    } catch (...) {
      caught = true;
      kept = std::current_exception();
    }
    if (!caught) continue;
    Counted counted;
    co_await sleep(0s);
    if (co_await leaf(i, false) != i) co_return -1;
  }
  if (!kept) co_return -2;
  try {
    std::rethrow_exception(kept);
  } catch (const std::runtime_error&) {
    co_return 44;
  }
  co_return -3;
}

Coro<int> is_cancelled_inside_try() {
  auto task = asyncio::create_task([]() -> Coro<int> {
    Counted outer;
    try {
      Counted inner;
      co_await sleep(3600s);
    } catch (const std::exception&) {
      co_return -1;  // a cancellation is no std::exception
    }
    co_return -2;
  }());
  co_await sleep(0s);
  task.cancel();
  try {
    co_await task;
  } catch (const asyncio::CancelledError&) {
    co_return 6;
  }
  co_return -3;
}

Coro<int> adds_to_the_message_on_every_level(int depth) {
  Counted counted;
  if (depth == 0) {
    co_await sleep(0s);
    throw std::runtime_error("deep");
  }
  try {
    co_return co_await adds_to_the_message_on_every_level(depth - 1);
  } catch (const std::runtime_error& error) {
    if (depth < 3) throw std::runtime_error(error.what() + std::to_string(depth));
    co_return error.what() == std::string("deep12") ? 6 : -1;
  }
}

Coro<int> leaves_nested_loops_by_throwing() {
  int count = 0;
  int i = 0;
  while (true) {
    try {
      while (true) {
        try {
          if (i++ > 6) throw 42;
          co_await one_or_throw(i == 3);
          ++count;
          if (i == 5) throw 2.5;
        } catch (double) {
          count += 100;
        }
      }
    } catch (int thrown) {
      count += thrown * 1000;
      break;
    } catch (const std::exception&) {
      count += 10;
    }
  }
  co_return count;  // six passes, one double, one exception, 42 at the end
}

Coro<int> has_a_destructor_that_catches_while_another_exception_passes() {
  int result = 0;
  struct Guard {
    int& result;
    ~Guard() {
      try {
        throw 1;
      } catch (int) {
        result += 1;
      }
    }
  };
  for (int i = 0; i < 3; ++i) {
    try {
      Guard guard{result};
      co_await sleep(0s);
      if (i == 1) throw std::runtime_error("passes the guard");
      co_await sleep(0s);
    } catch (const std::exception&) {
      result += 10;
    }
  }
  co_return result;
}

Coro<int> throws_and_catches_a_thousand_times() {
  int sum = 0;
  for (int i = 0; i < 1000; ++i) {
    try {
      sum += co_await leaf(1, i % 2 == 1);
    } catch (...) {
      sum += 2;
    }
  }
  co_return sum;
}

int wrong = 0;

void check(const char* name, int expected, const std::function<Coro<int>()>& program) {
  int result = -12345;
  try {
    result = asyncio::run(program());
  } catch (const std::exception& error) {
    std::printf("%s: %s\n", name, error.what());
  }
  const bool right = result == expected && Counted::alive == 0;
  std::printf("%s %s: %d, alive %d\n", right ? "ok" : "WRONG", name, result, Counted::alive);
  Counted::alive = 0;
  if (!right) ++wrong;
}

}  // namespace

int main() {
  check("catches_one_of_many_in_a_loop", 107, catches_one_of_many_in_a_loop);
  check("goes_on_after_an_await_that_throws", 1006, goes_on_after_an_await_that_throws);
  check("catches_and_throws_on", 15, catches_and_throws_on);
  check("keeps_an_exception_and_awaits_meanwhile", 44, keeps_an_exception_and_awaits_meanwhile);
  check("is_cancelled_inside_try", 6, is_cancelled_inside_try);
  check("adds_to_the_message_on_every_level", 6,
        [] { return adds_to_the_message_on_every_level(3); });
  check("leaves_nested_loops_by_throwing", 42116, leaves_nested_loops_by_throwing);
  check("has_a_destructor_that_catches", 13,
        has_a_destructor_that_catches_while_another_exception_passes);
  check("throws_and_catches_a_thousand_times", 1500, throws_and_catches_a_thousand_times);
  check("lets_what_nobody_catches_out_of_run", -12345, [] { return one_or_throw(true); });
  return wrong;
}
