#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

int at_once = 0;

asyncio::Coro<> download(asyncio::Semaphore slots, int file) {
  const auto slot = co_await slots.scoped();  // async with slots:
  std::cout << "file " << file << " begins, " << ++at_once << " at once\n";
  co_await asyncio::sleep(file * 1s);
  --at_once;
  std::cout << "file " << file << " is there\n";
}

asyncio::Coro<int> co_main(int, char**) {
  asyncio::Semaphore slots(2);
  co_await asyncio::gather(download(slots, 1), download(slots, 2), download(slots, 3),
                           download(slots, 4), download(slots, 5));
  co_return 0;
}
