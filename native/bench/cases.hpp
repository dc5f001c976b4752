// What is measured, whoever does it: the cases, by name and size.
#pragma once

#include <cstddef>

#include <benchmark/benchmark.h>

namespace bench {

inline constexpr std::size_t kCallbacks = 100'000;
inline constexpr std::size_t kAwaits = 100'000;
inline constexpr std::size_t kTasks = 200'000;
inline constexpr std::size_t kTimers = 200'000;
inline constexpr std::size_t kRounds = 50'000;
inline constexpr std::size_t kGroup = 100'000;
inline constexpr std::size_t kSuspended = 20'000;

// Calls `once` in every iteration and reports the time for each thing it does. It returns how many
// it did; another number than `size` is an error.
template <class F>
void measure(benchmark::State& state, std::size_t size, F once) {
  for (auto _ : state) {
    if (once() != size) return state.SkipWithError("the work was not done");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

// The deadline of timer `index`, in milliseconds: all different, in no order.
inline std::size_t scattered(std::size_t index) { return index * 7919 % kTimers; }

}  // namespace bench
