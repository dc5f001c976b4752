#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<int> twice(int n) {
  std::cout << "twice(" << n << ") runs\n";
  co_return 2 * n;
}

asyncio::Coro<int> fetch(int n) {
  co_await asyncio::sleep(1s);
  co_return co_await twice(n);
}

asyncio::Coro<> compute() {
  auto later = twice(2);  // a call that has not begun: nothing is printed yet
  std::cout << "twice(2) is made\n";
  const int four = co_await later;
  std::cout << "it gives " << four << "\n";

  // One after the other: two seconds, and still only one task.
  const int six = co_await fetch(3);
  const int eight = co_await fetch(4);
  std::cout << "and then " << six << " and " << eight << "\n";
}

int main() { asyncio::run(compute()); }
