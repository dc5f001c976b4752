#include <iostream>

#include <asyncio/asyncio.hpp>

asyncio::Coro<> job() {
  for (long line = 0;; ++line) {
    std::cout << "line " << line << "\n";
    if (line % 100 == 0) co_await asyncio::sleep(std::chrono::seconds(0));
  }
}

int main() { asyncio::run(job()); }
