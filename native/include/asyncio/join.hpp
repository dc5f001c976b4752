// Waiting for several at once, and for all of them.
#pragma once

#include <asyncio/gather.hpp>

namespace asyncio {

namespace detail {

// Cancels those that are not done, and waits until all are, whoever is cancelled meanwhile: a
// CancelledError then comes at the end.
Coro<> cancel_and_wait_for_all(std::vector<Ref<FutureBase>> futures);

template <class Results>
Coro<typename Results::value_type> join_all(std::vector<Ref<FutureBase>> children,
                                            Results results) {
  std::exception_ptr error;
  try {
    co_return co_await results;
  } catch (...) {
    error = std::current_exception();
  }
  Coro<> ending = cancel_and_wait_for_all(std::move(children));
  co_await ending;
  std::rethrow_exception(error);
}

}  // namespace detail

// As gather(), and none of them outlives it: when one fails, or the join is cancelled, the others
// are cancelled and waited for before the first exception is thrown. So they may refer to what the
// awaiting coroutine holds, which after a gather() that failed is gone while the others go on.
// Coroutines become tasks at the call.
template <class... A>
auto join(A... arguments) {
  const std::source_location loc;
  // In braces, for the tasks are made from left to right.
  std::tuple<decltype(detail::as_child(std::move(arguments), loc))...> children{
      detail::as_child(std::move(arguments), loc)...};
  return std::apply(
      [](auto&... each) {
        std::vector<detail::Ref<detail::FutureBase>> futures{
            detail::Ref<detail::FutureBase>(each.shared())...};
        return detail::join_all(std::move(futures), gather(each...));
      },
      children);
}
template <class A>
auto join(std::vector<A> arguments) {
  using Child = decltype(detail::as_child(std::declval<A>(), std::source_location()));
  std::vector<Child> children;
  std::vector<detail::Ref<detail::FutureBase>> futures;
  for (A& argument : arguments) {
    children.push_back(detail::as_child(std::move(argument), std::source_location()));
    futures.emplace_back(children.back().shared());
  }
  return detail::join_all(std::move(futures), gather(std::move(children)));
}

}  // namespace asyncio
