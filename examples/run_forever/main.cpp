#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> heartbeat() {
  for (int beat = 1;; ++beat) {
    std::cout << "beat " << beat << "\n";
    co_await asyncio::sleep(1s);
  }
}

int main() {
  const auto loop = asyncio::new_event_loop();
  auto task = loop->create_task(heartbeat());

  loop->call_later(2500ms, [&] {
    loop->stop();  // ends the run after this turn, not at once
    std::cout << "stop() returns, the turn goes on\n";
  });
  loop->run_forever();
  std::cout << "between two runs nothing beats\n";

  task.cancel();
  try {
    loop->run_until_complete(task);  // the loop goes on where it was
  } catch (const asyncio::CancelledError&) {
    std::cout << "the heart has stopped\n";
  }
  loop->close();
}
