// What is measured, whoever does it: the sizes of the cases.
#pragma once

#include <cstddef>

namespace bench {

inline constexpr std::size_t kCallbacks = 100'000;
inline constexpr std::size_t kAwaits = 100'000;
inline constexpr std::size_t kTasks = 200'000;
inline constexpr std::size_t kTimers = 200'000;
inline constexpr std::size_t kRounds = 50'000;
inline constexpr std::size_t kGroup = 100'000;
inline constexpr std::size_t kSuspended = 20'000;

// The deadline of timer `index`, in milliseconds: all different, in no order.
inline std::size_t scattered(std::size_t index) { return index * 7919 % kTimers; }

}  // namespace bench
