// The cases of native/bench compiled to WebAssembly, to be timed from outside: `run_case(n)` does
// the n-th and gives how many things it did.
#include <array>

#include <emscripten/emscripten.h>

#include "backends/clocks.hpp"
#include "bench/loopscope.hpp"
#include "js_poller.hpp"

namespace {

struct Case {
  const char* name;
  std::size_t (*run)(asyncio::EventLoop& loop);
};
constexpr std::array cases{
    Case{"call_soon_burst", bench::call_soon_burst},
    Case{"call_soon_chain", bench::call_soon_chain},
    Case{"sleep_zero", bench::sleep_zero},
    Case{"await_finished", bench::await_finished},
    Case{"spawn_and_gather", bench::spawn_and_gather},
    Case{"timers_cancelled", bench::timers_cancelled},
    Case{"queue_ping_pong", bench::queue_ping_pong},
    Case{"lock_hand_over", bench::lock_hand_over},
    Case{"task_group", bench::task_group},
    Case{"timeout", bench::timeouts},
};

asyncio::EventLoop& loop() {
  static asyncio::EventLoop instance({std::make_shared<asyncio::MonotonicClock>(),
                                      std::make_shared<loopscope::JsPoller>(nullptr)});
  return instance;
}

}  // namespace

// The name of the n-th case, or null.
extern "C" EMSCRIPTEN_KEEPALIVE const char* case_name(unsigned index) {
  return index < cases.size() ? cases[index].name : nullptr;
}

extern "C" EMSCRIPTEN_KEEPALIVE double run_case(unsigned index) {
  return static_cast<double>(cases.at(index).run(loop()));
}
