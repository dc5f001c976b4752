// The timers on libuv, where it is installed.
#include <vector>

#include <uv.h>

#include "measure.hpp"

namespace bench {
namespace {

std::size_t timers_cancelled(uv_loop_t& loop) {
  std::vector<uv_timer_t> timers(kTimers);
  std::size_t closed = 0;
  for (std::size_t index = 0; index < kTimers; ++index) {
    uv_timer_init(&loop, &timers[index]);
    timers[index].data = &closed;
    uv_timer_start(&timers[index], [](uv_timer_t*) {}, 3'600'000 + scattered(index), 0);
  }
  for (uv_timer_t& timer : timers) {
    uv_timer_stop(&timer);
    uv_close(reinterpret_cast<uv_handle_t*>(&timer),
             [](uv_handle_t* handle) { ++*static_cast<std::size_t*>(handle->data); });
  }
  uv_run(&loop, UV_RUN_DEFAULT);
  return closed;
}

void run(benchmark::State& state) {
  uv_loop_t loop;
  uv_loop_init(&loop);
  measure(state, kTimers, [&loop] { return timers_cancelled(loop); });
  uv_loop_close(&loop);
}

BENCHMARK(run)->Name("timers_cancelled/libuv");

}  // namespace
}  // namespace bench
