// Futures.
#pragma once

#include <asyncio/detail/await.hpp>
#include <asyncio/detail/future_base.hpp>

namespace asyncio {

template <class T>
class Future;

namespace detail {

// What add_done_callback() registers. It does not keep the future while the future keeps it.
template <class T, class F>
class DoneCallbackNode final : public HandleNode, public Pooled {
 public:
  template <class G>
  DoneCallbackNode(FutureState<T>* future, G&& callback, const std::source_location& where)
      : HandleNode("done_callback", nullptr),
        future_(future),
        callback_(std::in_place, std::forward<G>(callback)) {
    loc = where;
  }
  void hold_future() noexcept override { held_ = Ref(future_); }
  void run() override { static_cast<void>((*callback_)(Future<T>(std::move(held_)))); }
  void discard() noexcept override {
    callback_.reset();
    held_ = nullptr;
  }

 private:
  void dispose() noexcept override { delete this; }
  FutureState<T>* future_;
  Ref<FutureState<T>> held_;
  Captured<F> callback_;
};

}  // namespace detail

// A result that will be there later. A handle: copies are the same future. Await it to get the
// result; whoever awaits is resumed through the ready queue, in the turn after the one in which it
// is done.
// asyncio: Future
template <class T = void>
class Future {
 public:
  using value_type = T;

  Future() = default;
  explicit Future(detail::Ref<detail::FutureState<T>> state) noexcept : state_(std::move(state)) {}

  // All but bool and == throw RuntimeError "Future is empty ..." of one that refers to none.
  bool done() const { return state().done(); }
  bool cancelled() const { return state().cancelled(); }
  // Cancels it, and so whoever awaits it; false when it is done already. asyncio: Future.cancel
  bool cancel(const std::string& message = {}) const { return state().cancel(message); }

  // The result; throws its exception, CancelledError, or InvalidStateError "Result is not set.".
  decltype(auto) result() const {
    if constexpr (std::is_void_v<T>) {
      static_cast<void>(state().result());
    } else {
      return static_cast<const T&>(state().result());
    }
  }
  // The exception, or null when there is a result. Throws like result() otherwise.
  std::exception_ptr exception() const { return state().exception(); }

  // Throws InvalidStateError when it is done already. For Future<void>: no argument.
  template <class... V>
  void set_result(V&&... value) const {
    if (state().task()) throw RuntimeError("Task does not support set_result operation");
    state().set_result(std::forward<V>(value)...);
  }
  void set_exception(std::exception_ptr exception) const {
    if (state().task()) throw RuntimeError("Task does not support set_exception operation");
    state().set_exception(std::move(exception));
  }
  template <class E>
    requires(!std::same_as<std::decay_t<E>, std::exception_ptr>)
  void set_exception(E&& exception) const {
    set_exception(std::make_exception_ptr(std::forward<E>(exception)));
  }

  // `callback` is called with this future through call_soon() when it is done, in the order of
  // registration.
  // asyncio: Future.add_done_callback
  template <std::invocable<Future<T>> F>
  Handle add_done_callback(F&& callback,
                           std::source_location loc = std::source_location::current()) const {
    detail::Ref<detail::HandleNode> node(
        new detail::DoneCallbackNode<T, std::decay_t<F>>(&state(), std::forward<F>(callback), loc));
    node->copy_context();
    Handle handle(node);
    state().add_callback(node.detach());
    return handle;
  }
  // The same, in `context` itself instead of a copy of the current one.
  template <std::invocable<Future<T>> F>
  Handle add_done_callback(F&& callback, const Context& context,
                           std::source_location loc = std::source_location::current()) const {
    Handle handle = add_done_callback(std::forward<F>(callback), loc);
    detail::set_context(*handle.node_, context);
    return handle;
  }
  // How many were removed. Differs from asyncio: takes what add_done_callback() returned, for
  // lambdas cannot be compared.
  std::size_t remove_done_callback(const Handle& handle) const {
    return state().remove_callback(handle.node_.get()) ? 1 : 0;
  }

  EventLoop& get_loop() const { return state().loop(); }
  // The number under which the trace speaks of it.
  FutureId id() const { return state().id(); }
  explicit operator bool() const noexcept { return static_cast<bool>(state_); }
  friend bool operator==(const Future&, const Future&) = default;

  // For the library: what the handle refers to.
  const detail::Ref<detail::FutureState<T>>& shared() const& noexcept { return state_; }
  detail::Ref<detail::FutureState<T>> shared() && noexcept { return std::move(state_); }

 protected:
  detail::FutureState<T>& state() const {
    if (!state_) [[unlikely]]
      detail::throw_empty_future();
    return *state_;
  }

 private:
  detail::Ref<detail::FutureState<T>> state_;
};

template <class T>
Future<T> EventLoop::create_future(std::source_location loc) {
  Future<T> future(detail::Ref(new detail::FutureState<T>(*this, "future")));
  if (tracer()) emit(trace::FutureCreated{future.id(), "future", {}, trace::Place{loc}});
  return future;
}

// Runs until `future` is done: see the declarations in EventLoop.
template <class T>
T EventLoop::run_until_complete(Future<T> future) {
  run_until_done(*future.shared());
  if constexpr (std::is_void_v<T>) {
    future.result();
  } else {
    return detail::take(*future.shared());
  }
}

}  // namespace asyncio
