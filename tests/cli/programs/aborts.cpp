#include <cstdio>
#include <cstdlib>

#include <asyncio/asyncio.hpp>

asyncio::Coro<> job() {
  co_await asyncio::sleep(std::chrono::seconds(1));
  std::printf("before the crash");
  std::abort();
}

int main() { asyncio::run(job()); }
