#include <cstdio>
#include <stdexcept>

#include <asyncio/asyncio.hpp>

asyncio::Coro<> job() {
  co_await asyncio::sleep(std::chrono::seconds(1));
  std::printf("before the crash");
  throw std::runtime_error("no luck");
}

int main() { asyncio::run(job()); }
