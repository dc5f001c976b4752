// Several co_await in one expression, one after another.
#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <source_location>

#include <asyncio/detail/future_base.hpp>

namespace asyncio::detail {

// The awaiter of what a coroutine can await; see coro.hpp.
template <class A>
decltype(auto) awaiter_of(A&& awaitable);

// The latest await of a coroutine, from when it begins until it is asked for its result.
class PendingAwait {
 public:
  // Another await of the same expression is about to begin: asks for the result now, and keeps it.
  // False if it was an exception.
  bool settle() { return settle_(*this); }

 protected:
  using Settle = bool (*)(PendingAwait&);
  explicit PendingAwait(Settle how) noexcept : settle_(how) {}
  PendingAwait(const PendingAwait&) = delete;
  PendingAwait& operator=(const PendingAwait&) = delete;
  ~PendingAwait() = default;

 private:
  Settle settle_;
};

// Takes its place once it has failed: those that follow in the expression do not begin.
class FailedAwait : public PendingAwait {
 public:
  FailedAwait() noexcept : PendingAwait([](PendingAwait&) { return false; }) {}
  std::exception_ptr error;
};

// What co_await works with, around the awaiter. GCC makes all awaiters of an expression first, then
// suspends for each, and asks for the results last, in any order. Here each is asked before the
// next one begins, and where one throws the next ones do not begin, as if the expression were
// evaluated await by await. Each says where it is when it begins.
template <class Promise, class A>
class AwaitInOrder : public PendingAwait {
 public:
  using Awaiter = decltype(awaiter_of(std::declval<A>()));
  using T = decltype(std::declval<Awaiter&>().await_resume());

  AwaitInOrder(Promise& promise, const std::source_location& where, A&& awaitable)
      : PendingAwait(&ask_early),
        promise_(promise),
        where_(where),
        awaiter_(awaiter_of(std::forward<A>(awaitable))) {}
  ~AwaitInOrder() {
    const PendingAwait* const pending = promise_.pending_await;
    if (pending && (pending == this || pending == early_.get())) [[unlikely]]
      promise_.pending_await = nullptr;
  }

  bool await_ready() {
    if (promise_.pending_await && !promise_.pending_await->settle()) [[unlikely]]
      return true;
    promise_.pending_await = this;
    promise_.waits_at(where_);
    return awaiter_.await_ready();
  }
  template <class P>
  decltype(auto) await_suspend(std::coroutine_handle<P> coroutine) {
    return awaiter_.await_suspend(coroutine);
  }
  T await_resume() {
    if (promise_.pending_await != this) [[unlikely]]
      return resume_late();
    promise_.pending_await = nullptr;
    return awaiter_.await_resume();
  }

 private:
  struct Early : FailedAwait {
    std::optional<stored_t<T>> value;
  };

  static bool ask_early(PendingAwait& self) { return static_cast<AwaitInOrder&>(self).ask_early(); }
  bool ask_early() {
    early_ = std::make_unique<Early>();
    try {
      if constexpr (std::is_void_v<T>) {
        awaiter_.await_resume();
      } else {
        early_->value.emplace(awaiter_.await_resume());
      }
    } catch (...) {
      early_->error = std::current_exception();
      promise_.pending_await = early_.get();
      return false;
    }
    promise_.pending_await = nullptr;
    return true;
  }
  T resume_late() {
    if (!early_) std::rethrow_exception(static_cast<FailedAwait*>(promise_.pending_await)->error);
    if (early_->error) std::rethrow_exception(early_->error);
    if constexpr (!std::is_void_v<T>) return std::move(*early_->value);
  }

  Promise& promise_;
  std::source_location where_;
  std::unique_ptr<Early> early_;
  Awaiter awaiter_;
};

}  // namespace asyncio::detail
