#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> wait_for_key(asyncio::Future<> key) {
  std::cout << "worker: waits for the key\n";
  try {
    co_await key;
  } catch (const asyncio::CancelledError&) {
    std::cout << "worker: cancelled at last\n";
    throw;
  }
}

asyncio::Coro<> open_door() {
  const auto key = asyncio::get_running_loop().create_future<void>();
  const auto worker = asyncio::create_task(wait_for_key(key), "worker");
  co_await asyncio::sleep(1s);
  co_await worker;  // nobody will ever set the key
}

int main() {
  try {
    asyncio::run(open_door());
  } catch (const asyncio::DeadlockError& error) {  // on the real clock it waits for ever
    std::cout << error.what() << "\n";
  }
}
