// Deadlines.
#pragma once

#include <asyncio/detail/guarded.hpp>
#include <asyncio/detail/resource.hpp>
#include <asyncio/task.hpp>

namespace asyncio {

// A deadline for a block. Where Python writes `async with timeout(2) as t:`, here the block is
// handed over: `co_await timeout(2s, work())`, or `co_await timeout(2s, [&](Timeout& t) -> Coro<>
// {...})`.
//
// The block runs in the same task, and costs no turn. When the deadline comes, a callback cancels
// the task; the CancelledError that comes out of the block becomes a TimeoutError, whose cause() it
// is. A cancellation by anybody else, before or besides, stays a CancelledError. A block that
// swallows the cancellation ends as if nothing had been, but expired() is true. Other exceptions
// pass as they are.
// asyncio: Timeout
class Timeout {
 public:
  // No deadline if nullopt.
  explicit Timeout(std::optional<Instant> when,
                   std::source_location loc = std::source_location::current()) noexcept
      : when_(when), loc_(loc) {}
  // Before it is entered.
  Timeout(Timeout&& other) noexcept : when_(other.when_), loc_(other.loc_) {}
  Timeout& operator=(Timeout&&) = delete;
  ~Timeout() { drop(); }

  // Runs the block, once: a second time it throws RuntimeError "Timeout has already been entered".
  // Gives its result.
  template <class B>
  Coro<detail::body_value_t<std::decay_t<B>, Timeout>> with(B&& body) {
    detail::check_temporary<B>();
    return detail::run_guarded<Timeout&, std::decay_t<B>>(*this, std::forward<B>(body));
  }
  // The deadline; nullopt if there is none. asyncio: Timeout.when
  std::optional<Instant> when() const noexcept { return when_; }
  // Another deadline. One that has passed comes in the next turn. Throws RuntimeError unless the
  // block runs and the deadline has not come. asyncio: Timeout.reschedule
  void reschedule(std::optional<Instant> when);
  // Whether the deadline came while the block ran. asyncio: Timeout.expired
  bool expired() const noexcept { return state_ == State::expiring || state_ == State::expired; }

  // "<Timeout [active] when=1.5>". Python: repr()
  friend std::string to_string(const Timeout& limit) { return limit.text(); }

  // For the library.
  void enter();
  void leave(std::exception_ptr error);
  void drop() noexcept { handle_.cancel(); }

 private:
  enum class State : unsigned char { created, active, expiring, expired, finished };
  std::string text() const;
  std::string_view state_name() const noexcept;
  void schedule();
  void on_timeout();
  void note(std::string_view op);

  std::optional<Instant> when_;
  std::source_location loc_;
  std::optional<detail::Resource> resource_;  // once entered
  Handle handle_;
  detail::TaskCore* task_ = nullptr;
  unsigned cancelling_ = 0;  // requests when it was entered
  State state_ = State::created;
};

// A deadline at `when` on EventLoop::time(), or none. asyncio: timeout_at
inline Timeout timeout_at(std::optional<Instant> when,
                          std::source_location loc = std::source_location::current()) {
  return Timeout(when, loc);
}
namespace detail {
// `delay` from now on the running loop's time.
std::optional<Instant> deadline_in(std::optional<Duration> delay);
}  // namespace detail

// `delay` from now, at the call. Throws RuntimeError "no running event loop". asyncio: timeout
inline Timeout timeout(std::optional<Duration> delay,
                       std::source_location loc = std::source_location::current()) {
  return Timeout(detail::deadline_in(delay), loc);
}

// Runs `body` (a coroutine, a task, a future, or a callable that returns one, given the Timeout if
// it takes it) under a deadline, and gives its result. Throws TimeoutError when it came first.
// asyncio: `async with timeout_at(when)`, `async with timeout(delay)`
template <class B>
Coro<detail::body_value_t<std::decay_t<B>, Timeout>> timeout_at(
    std::optional<Instant> when, B&& body,
    std::source_location loc = std::source_location::current()) {
  detail::check_temporary<B>();
  return detail::run_guarded<Timeout, std::decay_t<B>>(Timeout(when, loc), std::forward<B>(body));
}
template <class B>
Coro<detail::body_value_t<std::decay_t<B>, Timeout>> timeout(
    std::optional<Duration> delay, B&& body,
    std::source_location loc = std::source_location::current()) {
  return timeout_at(detail::deadline_in(delay), std::forward<B>(body), loc);
}

}  // namespace asyncio
