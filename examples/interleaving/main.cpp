#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> count(char name, int steps) {
  for (int step = 1; step <= steps; ++step) {
    std::cout << name << step << "\n";
    co_await asyncio::sleep(0s);  // "let the others go first"
  }
}

asyncio::Coro<> hog(char name, int steps) {
  for (int step = 1; step <= steps; ++step) std::cout << name << step << "\n";
  co_return;  // never awaited anything, so nobody could run in between
}

asyncio::Coro<int> co_main(int, char**) {
  co_await asyncio::gather(count('a', 3), count('b', 3), hog('h', 3));
  co_return 0;
}
