#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<std::string> look_up(std::string word, asyncio::Duration takes) {
  co_await asyncio::sleep(takes);
  co_return word + " found";
}

asyncio::Coro<> save() {
  co_await asyncio::sleep(3s);
  std::cout << "save: done, in spite of the deadline\n";
}

asyncio::Coro<int> co_main(int, char**) {
  // No error when the time is over: there is a result, or there is none.
  for (int takes = 1; takes <= 3; takes += 2) {
    const auto found = co_await asyncio::move_on_after(2s, look_up("moon", takes * 1s));
    std::cout << "main: " << found.value_or("moved on") << "\n";
  }

  // What must not be cut short has a shield; the cancellation waits behind it.
  asyncio::CancelScope scope(asyncio::get_running_loop().time() + 1s);
  co_await scope.with([]() -> asyncio::Coro<> {
    asyncio::CancelScope shielded(std::nullopt, true);
    co_await shielded.with(save());
    co_await asyncio::sleep(1s);
    std::cout << "main: never comes here\n";
  });
  std::cout << "main: the scope caught it: " << scope.cancelled_caught() << "\n";

  // Anybody who has the scope can cancel it.
  asyncio::CancelScope game;
  asyncio::get_running_loop().call_later(1s, [&game] { game.cancel(); });
  co_await game.with(asyncio::sleep(1h));
  std::cout << "main: game over, and the task goes on\n";
  co_return 0;
}
