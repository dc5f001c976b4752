// The cases on standalone Asio: one thread, an io_context that is told so.
#include <numeric>
#include <vector>

#include <asio.hpp>

#include "measure.hpp"

namespace bench {
namespace {

// All are posted, then all run.
std::size_t call_soon_burst(asio::io_context& context) {
  std::size_t ran = 0;
  for (std::size_t index = 0; index < kCallbacks; ++index) asio::post(context, [&ran] { ++ran; });
  context.run();
  return ran;
}

// Posts itself again until all have run.
struct Chain {
  asio::io_context& context;
  std::size_t& ran;
  void operator()() const {
    if (++ran < kCallbacks) asio::post(context, *this);
  }
};

std::size_t call_soon_chain(asio::io_context& context) {
  std::size_t ran = 0;
  asio::post(context, Chain{context, ran});
  context.run();
  return ran;
}

// Spawns `main` and runs until it is done, with its result.
std::size_t run_until_complete(asio::io_context& context, asio::awaitable<std::size_t> main) {
  std::size_t value = 0;
  asio::co_spawn(context, std::move(main), [&value](std::exception_ptr error, std::size_t result) {
    if (error) std::rethrow_exception(error);
    value = result;
  });
  context.run();
  return value;
}

asio::awaitable<std::size_t> poster() {
  std::size_t posted = 0;
  for (; posted < kAwaits; ++posted) co_await asio::post(asio::use_awaitable);
  co_return posted;
}

std::size_t sleep_zero(asio::io_context& context) { return run_until_complete(context, poster()); }

asio::awaitable<std::size_t> at_once(std::size_t value) { co_return value; }

asio::awaitable<std::size_t> caller() {
  std::size_t sum = 0;
  for (std::size_t index = 0; index < kAwaits; ++index) sum += co_await at_once(1);
  co_return sum;
}

std::size_t await_finished(asio::io_context& context) {
  return run_until_complete(context, caller());
}

// Asio has no gather for a number that is only known at run time: each completion stores its
// result, and run() returns when all have.
std::size_t spawn_and_gather(asio::io_context& context) {
  std::vector<std::size_t> results(kTasks);
  for (std::size_t& place : results) {
    asio::co_spawn(context, at_once(1), [&place](std::exception_ptr error, std::size_t result) {
      if (error) std::rethrow_exception(error);
      place = result;
    });
  }
  context.run();
  return std::accumulate(results.begin(), results.end(), std::size_t{0});
}

std::size_t timers_cancelled(asio::io_context& context) {
  std::size_t cancelled = 0;
  std::vector<asio::steady_timer> timers;
  timers.reserve(kTimers);
  for (std::size_t index = 0; index < kTimers; ++index) {
    const auto delay = std::chrono::hours(1) + std::chrono::milliseconds(scattered(index));
    timers.emplace_back(context, delay);
    timers.back().async_wait([&cancelled](const asio::error_code& error) {
      if (error == asio::error::operation_aborted) ++cancelled;
    });
  }
  for (asio::steady_timer& timer : timers) timer.cancel();
  context.run();
  return cancelled;
}

void run(benchmark::State& state, std::size_t (*once)(asio::io_context&), std::size_t size) {
  asio::io_context context(1);
  measure(state, size, [&context, once] {
    context.restart();
    return once(context);
  });
}

BENCHMARK_CAPTURE(run, call_soon_burst, call_soon_burst, kCallbacks)->Name("call_soon_burst/asio");
BENCHMARK_CAPTURE(run, call_soon_chain, call_soon_chain, kCallbacks)->Name("call_soon_chain/asio");
BENCHMARK_CAPTURE(run, sleep_zero, sleep_zero, kAwaits)->Name("sleep_zero/asio");
BENCHMARK_CAPTURE(run, await_finished, await_finished, kAwaits)->Name("await_finished/asio");
BENCHMARK_CAPTURE(run, spawn_and_gather, spawn_and_gather, kTasks)->Name("spawn_and_gather/asio");
BENCHMARK_CAPTURE(run, timers_cancelled, timers_cancelled, kTimers)->Name("timers_cancelled/asio");

}  // namespace
}  // namespace bench
