#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<int> factorial(std::string name, int n) {
  int result = 1;
  for (int i = 2; i <= n; ++i) {
    std::cout << name << ": " << result << " * " << i << "\n";
    co_await asyncio::sleep(1s);
    result *= i;
  }
  std::cout << name << ": " << n << "! = " << result << "\n";
  co_return result;
}

asyncio::Coro<int> co_main(int, char**) {
  auto [a, b, c] =
      co_await asyncio::gather(factorial("A", 4), factorial("B", 2), factorial("C", 3));
  // B was done first, but the results come in the order of the arguments.
  std::cout << "all: " << a << " " << b << " " << c << "\n";
  co_return 0;
}
