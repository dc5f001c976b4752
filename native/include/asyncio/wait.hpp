// Waiting for some of several.
#pragma once

#include <algorithm>
#include <set>
#include <tuple>

#include <asyncio/any_future.hpp>
#include <asyncio/detail/future_watch.hpp>

namespace asyncio {

// When wait() has waited enough. asyncio: FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED
enum class ReturnWhen : unsigned char { FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED };
inline constexpr ReturnWhen FIRST_COMPLETED = ReturnWhen::FIRST_COMPLETED;
inline constexpr ReturnWhen FIRST_EXCEPTION = ReturnWhen::FIRST_EXCEPTION;
inline constexpr ReturnWhen ALL_COMPLETED = ReturnWhen::ALL_COMPLETED;

// What wait() gives: `auto [done, pending] = co_await wait(tasks)`.
template <class F>
struct Waited {
  std::vector<F> done, pending;
};

namespace detail {

// The part of wait() that need not know the results' types. `futures`: without repetitions.
Coro<> wait_until(FutureBases futures, ReturnWhen return_when, std::optional<Duration> timeout);

// Without repetitions, in the order in which each came first.
template <class F>
std::vector<F> distinct(std::vector<F> futures) {
  std::vector<FutureBase*> sorted;
  sorted.reserve(futures.size());
  for (const F& future : futures) sorted.push_back(future.shared().get());
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end()) return futures;
  std::set<FutureBase*> seen;
  std::erase_if(futures,
                [&seen](const F& future) { return !seen.insert(future.shared().get()).second; });
  return futures;
}

template <class F>
FutureBases bases_of(const std::vector<F>& futures) {
  FutureBases bases;
  bases.reserve(futures.size());
  for (const F& future : futures) bases.emplace_back(future.shared());
  return bases;
}

// What a vector of these holds: their type, or AnyFutures if they have several.
template <class... F>
struct Common {
  using type = AnyFuture;
};
template <class F, class... Same>
  requires(std::same_as<F, Same> && ...)
struct Common<F, Same...> {
  using type = F;
};
template <class... F>
using common_t = typename Common<F...>::type;

template <class... F>
std::vector<common_t<F...>> as_vector(std::tuple<F...> futures) {
  return std::apply([](F&... each) { return std::vector<common_t<F...>>{std::move(each)...}; },
                    futures);
}

template <class F>
Waited<F> sorted_out(std::vector<F> futures) {
  Waited<F> waited;
  for (F& future : futures)
    (future.done() ? waited.done : waited.pending).push_back(std::move(future));
  return waited;
}

}  // namespace detail

// Waits until all are done, or the first, or the first that fails, or until `timeout` is over; says
// which are done and which are not, each in the order of the arguments. It throws nothing of theirs
// and cancels nothing, not even when the waiting task is cancelled. A callback of each future wakes
// it, so it goes on two turns after the one in which the last is done.
//
// The arguments are tasks or futures in a vector or in a tuple: `wait(std::tuple(a, b))`. If they
// are of several types, AnyFutures are given. Coroutines must be made tasks first. Throws
// std::invalid_argument "Set of Tasks/Futures is empty.".
// Differs from asyncio: in order, where asyncio has sets.
// asyncio: wait
template <class F>
Coro<Waited<F>> wait(std::vector<F> futures, ReturnWhen return_when = ALL_COMPLETED,
                     std::optional<Duration> timeout = std::nullopt) {
  static_assert(!detail::CoroLike<F>, "Passing coroutines is forbidden, use tasks explicitly.");
  futures = detail::distinct(std::move(futures));
  Coro<> waiting = detail::wait_until(detail::bases_of(futures), return_when, timeout);
  co_await waiting;
  co_return detail::sorted_out(std::move(futures));
}
template <class F>
Coro<Waited<F>> wait(std::vector<F> futures, std::optional<Duration> timeout) {
  return wait(std::move(futures), ALL_COMPLETED, timeout);
}
template <class... F>
Coro<Waited<detail::common_t<F...>>> wait(std::tuple<F...> futures,
                                          ReturnWhen return_when = ALL_COMPLETED,
                                          std::optional<Duration> timeout = std::nullopt) {
  static_assert((!detail::CoroLike<F> && ...),
                "Passing coroutines is forbidden, use tasks explicitly.");
  return wait(detail::as_vector(std::move(futures)), return_when, timeout);
}
template <class... F>
Coro<Waited<detail::common_t<F...>>> wait(std::tuple<F...> futures,
                                          std::optional<Duration> timeout) {
  return wait(std::move(futures), ALL_COMPLETED, timeout);
}

}  // namespace asyncio
