#include <iostream>
#include <memory>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> work() {
  const bool debug = asyncio::get_running_loop().get_debug();
  std::cout << "works on a loop with debug mode " << (debug ? "on" : "off") << "\n";
  co_await asyncio::sleep(1s);
}

std::unique_ptr<asyncio::EventLoop> careful_loop() {
  auto loop = asyncio::get_event_loop_policy().new_event_loop();
  loop->set_debug(true);
  return loop;
}

// Whoever asks for a new loop gets one from the policy; this one says so.
class Telling : public asyncio::DefaultEventLoopPolicy {
 public:
  std::unique_ptr<asyncio::EventLoop> new_event_loop() override {
    std::cout << "policy: a new loop\n";
    return DefaultEventLoopPolicy::new_event_loop();
  }
};

int main() {
  asyncio::run(work());

  // One line, for one runner: a function that makes its loop.
  asyncio::Runner(std::nullopt, careful_loop).run(work());

  // One line, for the whole program.
  asyncio::set_event_loop_policy(std::make_unique<Telling>());
  asyncio::run(work());
  asyncio::Runner(std::nullopt, careful_loop).run(work());
}
