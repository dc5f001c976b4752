#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<int> co_main(int, char**) {
  std::cout << "Hello ...\n";
  co_await asyncio::sleep(1s);  // the loop is free for a second
  std::cout << "... World!\n";
  co_return 0;
}
