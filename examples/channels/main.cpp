#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> producer(asyncio::MemorySendChannel<int> out, std::string name, int first) {
  for (int value = first; value < first + 3; ++value) {
    co_await asyncio::sleep(1s);
    co_await out.send(value);
    std::cout << name << ": sent " << value << "\n";
  }
  // Its end of the channel is closed when it returns.
}

asyncio::Coro<> consumer(asyncio::MemoryReceiveChannel<int> in) {
  while (auto value = co_await in.next()) {
    std::cout << "consumer: got " << *value << "\n";
  }
  std::cout << "consumer: all senders are gone\n";
}

asyncio::Coro<int> co_main(int, char**) {
  // A nursery ends when its children have, as a task group does.
  co_await asyncio::open_nursery([](asyncio::Nursery& nursery) -> asyncio::Coro<> {
    auto [out, in] = asyncio::open_memory_channel<int>(2);
    nursery.start_soon(producer(out.clone(), "ada", 10), "ada");
    nursery.start_soon(producer(std::move(out), "bob", 20), "bob");
    nursery.start_soon(consumer(std::move(in)), "consumer");
    co_return;
  });
  std::cout << "main: everybody is done\n";
  co_return 0;
}
