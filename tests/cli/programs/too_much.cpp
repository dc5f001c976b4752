#include <iostream>

#include <asyncio/asyncio.hpp>

asyncio::Coro<> job() {
  for (long time = 0; time < 3'000; ++time) co_await asyncio::sleep(std::chrono::seconds(0));
}

int main() { asyncio::run(job()); }
