#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::AsyncGenerator<int> readings(int count) {
  std::cout << "sensor: switched on\n";
  try {
    for (int number = 1; number <= count; ++number) {
      co_await asyncio::sleep(1s);  // what an async generator may do, and a plain one may not
      co_yield number * 10;
    }
    std::cout << "sensor: no more\n";
  } catch (const asyncio::GeneratorExit&) {
    std::cout << "sensor: closing\n";
    throw;
  }
}

asyncio::Coro<> watch() {
  auto values = readings(100);
  while (auto value = co_await values.next()) {
    std::cout << "watch: " << *value << "\n";
    if (*value == 20) break;
  }
  co_await values.aclose();  // it stands at its co_yield, which throws
}

asyncio::Coro<int> co_main(int, char**) {
  auto values = readings(2);
  std::cout << "main: made one, which does nothing yet\n";
  while (auto value = co_await values.next()) std::cout << "main: " << *value << "\n";

  co_await watch();
  co_return 0;
}
