#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> open_with(asyncio::Future<> key) { co_await key; }

asyncio::Coro<> clerk(std::string thing, asyncio::Future<> key) {
  co_await open_with(key);
  std::cout << thing << " is open\n";
}

asyncio::Coro<> office(asyncio::Future<> key) {
  const auto ann = asyncio::create_task(clerk("drawer", key), "Ann");
  const auto bob = asyncio::create_task(clerk("safe", key), "Bob");
  co_await asyncio::gather(ann, bob);
}

asyncio::Coro<int> co_main(int, char**) {
  const auto key = asyncio::get_running_loop().create_future<void>();
  const auto working = asyncio::create_task(office(key), "office");
  co_await asyncio::sleep(1s);

  std::cout << "who waits for the key?\n";
  asyncio::print_call_graph(std::cerr, asyncio::capture_call_graph(key));

  key.set_result();
  co_await working;
  co_return 0;
}
