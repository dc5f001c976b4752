#include <cstdio>

#include <asyncio/asyncio.hpp>

// The address of a local variable goes down, so no compiler makes a loop of it.
int deeper(const volatile int* above) {
  const volatile int here = *above + 1;
  return deeper(&here) + here;
}

asyncio::Coro<> job() {
  co_await asyncio::sleep(std::chrono::seconds(1));
  std::printf("before the crash");
  const volatile int start = 0;
  std::printf("%d\n", deeper(&start));
}

int main() { asyncio::run(job()); }
