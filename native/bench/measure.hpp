// How a case is measured.
#pragma once

#include <benchmark/benchmark.h>

#include "cases.hpp"

namespace bench {

// Calls `once` in every iteration and reports the time for each thing it does. It returns how many
// it did; another number than `size` is an error.
template <class F>
void measure(benchmark::State& state, std::size_t size, F once) {
  for (auto _ : state) {
    if (once() != size) return state.SkipWithError("the work was not done");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

}  // namespace bench
