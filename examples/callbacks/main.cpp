#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

int main() {
  const auto loop = asyncio::new_event_loop();
  const auto start = loop->time();
  const auto say = [](const char* what) { return [what] { std::cout << what << "\n"; }; };

  loop->call_later(2s, say("two seconds"));
  loop->call_at(start + 1s, say("one second"));
  loop->call_later(1s, say("one second, made later: runs later"));
  auto never = loop->call_later(1s, say("never"));
  loop->call_later(0s, say("no delay, and yet a timer: after what is ready"));
  loop->call_soon(say("soon"));
  loop->call_soon([&] {
    std::cout << "sooner than what I add now\n";
    loop->call_soon(say("next turn"));
    never.cancel();
  });
  loop->call_soon(say("soon, too"));

  loop->call_later(3s, [&] { loop->stop(); });
  loop->run_forever();
  loop->close();
}
