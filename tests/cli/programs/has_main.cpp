#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> job() {
  const auto begin = asyncio::get_running_loop().time();
  std::cout << "begins\n";
  co_await asyncio::sleep(1500ms);
  const auto took = asyncio::get_running_loop().time() - begin;
  std::cout << "ends at "
            << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() / 100 / 10.0
            << "\n";
}

int main() { asyncio::run(job()); }
