#include <iostream>
#include <thread>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> rest() { co_await asyncio::sleep(1s); }

asyncio::Coro<> careless() {
  // A step should be short: the loop can do nothing else meanwhile.
  std::this_thread::sleep_for(250ms);
  co_await asyncio::sleep(0s);

  // A coroutine that is only made does not run. Here `co_await` was forgotten.
  auto forgotten = rest();
  std::cout << "has rested, or so it thinks\n";
}

int main() { asyncio::run(careless(), true); }
