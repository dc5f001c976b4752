// The cases again while a recorder writes the trace, to nowhere: what an event costs.
#include "backends/registry.hpp"
#include "loopscope.hpp"
#include "measure.hpp"
#include "trace/recorder.hpp"

namespace bench {
namespace {

// Counts events, outside what is measured.
class Counter final : public asyncio::Tracer {
 public:
  void on(const asyncio::TraceEvent&) noexcept override { ++events; }
  std::size_t events = 0;
};

std::size_t count_events(std::size_t (*once)(asyncio::EventLoop&)) {
  Counter counter;
  asyncio::EventLoop loop(asyncio::make_backend({}), &counter);
  static_cast<void>(once(loop));
  return counter.events;
}

void run(benchmark::State& state, std::size_t (*once)(asyncio::EventLoop&), std::size_t size) {
  const auto backend = asyncio::make_backend({});
  std::size_t bytes = 0;
  asyncio::trace::Recorder recorder({"bench", "real", {}}, backend.clock, {},
                                    [&bytes](std::string_view lines) { bytes += lines.size(); });
  asyncio::EventLoop loop(backend, &recorder);
  measure(state, size, [&loop, once] { return once(loop); });
  state.counters["events"] = static_cast<double>(count_events(once)) / static_cast<double>(size);
  benchmark::DoNotOptimize(bytes);
}

BENCHMARK_CAPTURE(run, call_soon_burst, call_soon_burst, kCallbacks)
    ->Name("call_soon_burst/traced");
BENCHMARK_CAPTURE(run, call_soon_chain, call_soon_chain, kCallbacks)
    ->Name("call_soon_chain/traced");
BENCHMARK_CAPTURE(run, sleep_zero, sleep_zero, kAwaits)->Name("sleep_zero/traced");
BENCHMARK_CAPTURE(run, spawn_and_gather, spawn_and_gather, kTasks)->Name("spawn_and_gather/traced");
BENCHMARK_CAPTURE(run, timers_cancelled, timers_cancelled, kTimers)
    ->Name("timers_cancelled/traced");

}  // namespace
}  // namespace bench
