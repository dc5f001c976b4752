// The same on standalone Asio, where it has the thing.
#include <malloc.h>

#include <asio/experimental/awaitable_operators.hpp>
#include <asio/experimental/channel.hpp>
#include <thread>
#include <vector>

#include <asio.hpp>

#include "measure.hpp"

namespace bench {
namespace {

using Channel = asio::experimental::channel<void(asio::error_code, int)>;

std::size_t run_until_complete(asio::io_context& context, asio::awaitable<std::size_t> main) {
  std::size_t value = 0;
  asio::co_spawn(context, std::move(main), [&value](std::exception_ptr error, std::size_t result) {
    if (error) std::rethrow_exception(error);
    value = result;
  });
  context.run();
  return value;
}

asio::awaitable<void> put_all(Channel& there, Channel& back) {
  for (std::size_t round = 0; round < kRounds; ++round) {
    co_await there.async_send(asio::error_code{}, 1, asio::use_awaitable);
    co_await back.async_receive(asio::use_awaitable);
  }
}

asio::awaitable<std::size_t> queue_ping_pong_main() {
  Channel there(co_await asio::this_coro::executor, 1);
  Channel back(co_await asio::this_coro::executor, 1);
  asio::co_spawn(co_await asio::this_coro::executor, put_all(there, back), asio::detached);
  std::size_t rounds = 0;
  for (; rounds < kRounds; ++rounds) {
    co_await there.async_receive(asio::use_awaitable);
    co_await back.async_send(asio::error_code{}, 1, asio::use_awaitable);
  }
  co_await asio::post(asio::use_awaitable);  // the other one ends before the channels do
  co_return rounds;
}
std::size_t queue_ping_pong(asio::io_context& context) {
  return run_until_complete(context, queue_ping_pong_main());
}

// Asio has no lock to await: a channel of one place, with a token in it, is the usual one.
asio::awaitable<void> take_turns(Channel& lock, std::size_t& held) {
  for (std::size_t round = 0; round < kRounds / 2; ++round) {
    co_await lock.async_receive(asio::use_awaitable);
    ++held;
    co_await asio::post(asio::use_awaitable);
    co_await lock.async_send(asio::error_code{}, 1, asio::use_awaitable);
  }
}

std::size_t lock_hand_over(asio::io_context& context) {
  Channel lock(context, 1);
  lock.try_send(asio::error_code{}, 1);
  std::size_t held = 0;
  asio::co_spawn(context, take_turns(lock, held), asio::detached);
  asio::co_spawn(context, take_turns(lock, held), asio::detached);
  context.run();
  return held;
}

asio::awaitable<void> nothing(std::size_t& ran) {
  ++ran;
  co_return;
}

asio::awaitable<void> sleep_an_hour() {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<std::size_t> timeout_main() {
  using namespace asio::experimental::awaitable_operators;
  std::size_t ran = 0;
  for (std::size_t round = 0; round < kRounds; ++round) co_await (nothing(ran) || sleep_an_hour());
  co_return ran;
}
std::size_t timeouts(asio::io_context& context) {
  return run_until_complete(context, timeout_main());
}

std::size_t call_soon_threadsafe(asio::io_context& context) {
  std::size_t ran = 0;
  auto work = asio::make_work_guard(context);
  std::thread other([&context, &work, &ran] {
    for (std::size_t index = 0; index < kCallbacks; ++index) {
      asio::post(context, [&work, &ran] {
        if (++ran == kCallbacks) work.reset();
      });
    }
  });
  context.run();
  other.join();
  return ran;
}

asio::awaitable<void> wait_for(asio::steady_timer& timer) {
  asio::error_code error;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
}

void memory_of_a_task(benchmark::State& state) {
  for (auto _ : state) {
    asio::io_context context(1);
    asio::steady_timer timer(context, std::chrono::hours(1));
    const auto before = mallinfo2().uordblks;
    for (std::size_t index = 0; index < kSuspended; ++index)
      asio::co_spawn(context, wait_for(timer), asio::detached);
    context.poll();
    const auto used = mallinfo2().uordblks - before;
    state.counters["bytes"] = static_cast<double>(used) / static_cast<double>(kSuspended);
    timer.cancel();
    context.run();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kSuspended));
}

void run(benchmark::State& state, std::size_t (*once)(asio::io_context&), std::size_t size) {
  asio::io_context context(1);
  measure(state, size, [&context, once] {
    context.restart();
    return once(context);
  });
}

// Two threads use it: the hint that there is one would be a lie.
void run_threaded(benchmark::State& state, std::size_t (*once)(asio::io_context&),
                  std::size_t size) {
  asio::io_context context;
  measure(state, size, [&context, once] {
    context.restart();
    return once(context);
  });
}

BENCHMARK_CAPTURE(run, queue_ping_pong, queue_ping_pong, kRounds)->Name("queue_ping_pong/asio");
BENCHMARK_CAPTURE(run, lock_hand_over, lock_hand_over, kRounds)->Name("lock_hand_over/asio");
BENCHMARK_CAPTURE(run, timeout, timeouts, kRounds)->Name("timeout/asio");
BENCHMARK_CAPTURE(run_threaded, call_soon_threadsafe, call_soon_threadsafe, kCallbacks)
    ->Name("call_soon_threadsafe/asio")
    ->UseRealTime();
BENCHMARK(memory_of_a_task)->Name("memory_of_a_task/asio")->Iterations(1);

}  // namespace
}  // namespace bench
