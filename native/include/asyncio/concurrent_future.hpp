// Futures that threads wait for.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include <asyncio/errors.hpp>
#include <asyncio/time.hpp>

namespace asyncio {

namespace detail {

class CrewSeat;

// A call in another thread, or its end, as all threads may see it. asyncio:
// concurrent.futures.Future
class ConcurrentState {
 public:
  ConcurrentState() = default;
  ConcurrentState(const ConcurrentState&) = delete;
  ConcurrentState& operator=(const ConcurrentState&) = delete;
  virtual ~ConcurrentState() = default;

  bool done() const;
  bool running() const;
  bool cancelled() const;
  // Unless it runs or is finished.
  bool cancel();
  // The call begins; false when it was cancelled. asyncio: set_running_or_notify_cancel
  bool begin();
  // It ended; the value, if there is one, is in place.
  void finish(std::exception_ptr exception = nullptr);
  // Called once, in the thread in which it ends, or at once.
  void on_done(std::function<void()> callback);
  // Blocks this thread. Throws TimeoutError.
  void wait(std::optional<Duration> timeout) const;
  // Throws CancelledError, or its exception. Done before.
  void throw_if_failed() const;
  std::exception_ptr exception() const;

 private:
  enum class Status : unsigned char { pending, running, finished, cancelled };
  bool is_done() const noexcept { return status_ >= Status::finished; }
  void end(Status status, std::exception_ptr exception, std::unique_lock<std::mutex> lock);

  mutable std::mutex mutex_;
  mutable std::condition_variable ended_;
  mutable std::vector<CrewSeat*> waiting_;  // threads whose time is virtual
  Status status_ = Status::pending;
  std::exception_ptr exception_;
  std::vector<std::function<void()>> callbacks_;
};

template <class T>
class ConcurrentValue : public ConcurrentState {
 public:
  using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
  // Once, before finish().
  template <class... V>
  void set(V&&... value) {
    value_.emplace(std::forward<V>(value)...);
  }
  Value& value() { return *value_; }

 private:
  std::optional<Value> value_;
};

}  // namespace detail

namespace concurrent {

// The result of something that happens in another thread, or in a loop of another thread. A handle
// that any thread may use: result() blocks the thread that asks, so never ask in a coroutine.
// asyncio: concurrent.futures.Future
template <class T = void>
class Future {
 public:
  using State = detail::ConcurrentValue<T>;

  Future() = default;
  explicit Future(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}

  bool done() const { return state_->done(); }
  bool running() const { return state_->running(); }
  bool cancelled() const { return state_->cancelled(); }
  // False when it is done, or when a thread runs it already. What runs in a loop is cancelled there
  // as a task is.
  bool cancel() const { return state_->cancel(); }
  // Waits until it is done. Its result, or throws its exception or CancelledError; TimeoutError
  // when it takes longer than `timeout`.
  T result(std::optional<Duration> timeout = std::nullopt) const {
    state_->wait(timeout);
    state_->throw_if_failed();
    if constexpr (!std::is_void_v<T>) {
      if constexpr (std::is_copy_constructible_v<T>) {
        return state_->value();
      } else {
        return std::move(state_->value());
      }
    }
  }
  // Waits; null when there is a result. Throws CancelledError and TimeoutError as result() does.
  std::exception_ptr exception(std::optional<Duration> timeout = std::nullopt) const {
    state_->wait(timeout);
    return state_->exception();
  }
  // `callback` is called once, in whichever thread ends it; at once if it is done. It must not
  // throw.
  template <std::invocable<Future> F>
  void add_done_callback(F callback) const {
    state_->on_done(
        [future = *this, callback = std::move(callback)]() mutable { callback(future); });
  }
  explicit operator bool() const noexcept { return static_cast<bool>(state_); }

  // For the library.
  const std::shared_ptr<State>& shared() const noexcept { return state_; }

 private:
  std::shared_ptr<State> state_;
};

}  // namespace concurrent
}  // namespace asyncio
