#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<std::string> download(std::string name, asyncio::Duration takes) {
  try {
    co_await asyncio::sleep(takes);
  } catch (const asyncio::CancelledError&) {
    std::cout << name << ": cancelled, cleans up\n";
    throw;
  }
  co_return name;
}

asyncio::Coro<int> co_main(int, char**) {
  const std::string quick = co_await asyncio::timeout(2s, download("quick", 1s));
  std::cout << "main: " << quick << " was in time\n";

  try {
    co_await asyncio::timeout(2s, download("slow", 5s));
  } catch (const asyncio::TimeoutError&) {
    std::cout << "main: slow was not\n";
  }

  // The deadline can move while the block runs: here each piece buys two more seconds.
  co_await asyncio::timeout(2s, [](asyncio::Timeout& limit) -> asyncio::Coro<> {
    for (int piece = 1; piece <= 3; ++piece) {
      co_await asyncio::sleep(1500ms);
      limit.reschedule(asyncio::get_running_loop().time() + 2s);
      std::cout << "main: piece " << piece << "\n";
    }
  });

  // Of two deadlines the earlier one throws, and the outer block goes on.
  co_await asyncio::timeout(3s, []() -> asyncio::Coro<> {
    try {
      co_await asyncio::timeout(1s, download("inner", 9s));
    } catch (const asyncio::TimeoutError&) {
      std::cout << "main: the inner deadline came first\n";
    }
    co_await asyncio::sleep(1s);
    std::cout << "main: the outer one never came\n";
  });
  co_return 0;
}
