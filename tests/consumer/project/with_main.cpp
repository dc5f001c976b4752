#include <iostream>

#include <asyncio/asyncio.hpp>

asyncio::Coro<int> answer() {
  co_await asyncio::sleep(std::chrono::hours(1));
  co_return 42;
}

int main() { std::cout << asyncio::run(answer()) << "\n"; }
