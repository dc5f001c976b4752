// Futures of different types, side by side.
#pragma once

#include <asyncio/task.hpp>

namespace asyncio {

// Any future or task, whatever its result: what functions take and give that do not care for
// results. A handle, as Future<T> is.
class AnyFuture {
 public:
  template <class T>
  AnyFuture(const Future<T>& future) noexcept : state_(future.shared()) {}
  AnyFuture(const AnyTask& task) noexcept : state_(task.shared()) {}
  explicit AnyFuture(detail::Ref<detail::FutureBase> state) noexcept : state_(std::move(state)) {}

  bool done() const noexcept { return state_->done(); }
  bool cancelled() const noexcept { return state_->cancelled(); }
  bool cancel(const std::string& message = {}) const { return state_->cancel(message); }
  // The exception, or null when there is a result. Throws CancelledError, or InvalidStateError when
  // it is not done.
  std::exception_ptr exception() const { return state_->exception(); }
  // The number under which the trace speaks of it.
  FutureId id() const noexcept { return state_->id(); }
  // Which of several it is: `any == task`.
  friend bool operator==(const AnyFuture&, const AnyFuture&) = default;

  // For the library: what the handle refers to.
  const detail::Ref<detail::FutureBase>& shared() const noexcept { return state_; }

 private:
  detail::Ref<detail::FutureBase> state_;
};

}  // namespace asyncio
