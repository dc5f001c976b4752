#include <iostream>

#include <asyncio/asyncio.hpp>

asyncio::Coro<int> co_main(int, char**) {
  co_await asyncio::sleep(std::chrono::hours(1));
  std::cout << 42 << "\n";
  co_return 0;
}
