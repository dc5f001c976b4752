// Waiting for several at once.
#pragma once

#include <tuple>

#include <asyncio/task.hpp>

namespace asyncio {

// The first argument of gather(): exceptions are results too.
struct return_exceptions_t {};
inline constexpr return_exceptions_t return_exceptions;

// A result or an exception: what gather(return_exceptions, ...) gives for each argument.
template <class T>
class Outcome {
 public:
  explicit Outcome(detail::FutureState<T>& done) {
    if (done.cancelled()) {
      exception_ = std::make_exception_ptr(CancelledError(done.lasting_cancel_message()));
    } else {
      exception_ = done.exception();
      if (!exception_) value_.emplace(done.result());
    }
  }
  bool ok() const noexcept { return value_.has_value(); }
  explicit operator bool() const noexcept { return ok(); }
  // Throws the exception if there is one.
  const detail::stored_t<T>& value() const {
    if (exception_) std::rethrow_exception(exception_);
    return *value_;
  }
  const std::exception_ptr& exception() const noexcept { return exception_; }

 private:
  std::optional<detail::stored_t<T>> value_;
  std::exception_ptr exception_;
};

namespace detail {

// The future under a gather(): counts its children down, takes the first exception, passes a
// cancellation on to all.
// asyncio: _GatheringFuture
class GatherCore : private Abandonable {
 public:
  GatherCore(EventLoop& loop, FutureBase& outer, std::vector<Ref<FutureBase>> children,
             bool keep_exceptions) noexcept;
  GatherCore(const GatherCore&) = delete;
  GatherCore& operator=(const GatherCore&) = delete;

  // Once, right after construction. `are_new`: the children are tasks that were made for it, so
  // each is there once.
  void start(bool are_new, const std::source_location& loc);
  bool cancel_children(const std::string& message);
  // In the order of the arguments.
  const std::vector<Ref<FutureBase>>& children() const noexcept { return children_; }

 protected:
  ~GatherCore() = default;

 private:
  class ChildDone;
  // Every child has a result, or exceptions are kept.
  virtual void set_results() = 0;
  void abandon() noexcept override;
  void child_done(FutureBase& child);
  void watch(FutureBase& child, std::vector<FutureBase*>& done);
  void watch_each_once(std::vector<FutureBase*>& done);

  FutureBase& outer_;
  std::vector<Ref<FutureBase>> children_;
  std::size_t unfinished_ = 0;
  bool keep_exceptions_;
  bool cancel_requested_ = false;
};

// `Collect` makes the result of the children.
template <class R, class Collect>
class GatherState final : public FutureState<R>, public GatherCore {
 public:
  GatherState(EventLoop& loop, std::vector<Ref<FutureBase>> children, bool keep_exceptions,
              Collect collect)
      : FutureState<R>(loop, "gather"),
        GatherCore(loop, *this, std::move(children), keep_exceptions),
        collect_(std::move(collect)) {}
  bool cancel(const std::string& message) override {
    return !this->done() && cancel_children(message);
  }

 private:
  void set_results() override { this->set_result(collect_(children())); }
  [[no_unique_address]] Collect collect_;
};

template <class R, class Collect>
Future<R> make_gather(std::vector<Ref<FutureBase>> children, bool are_new, bool keep_exceptions,
                      Collect collect, const std::source_location& loc) {
  EventLoop& loop = children.empty() ? get_running_loop() : children.front()->loop();
  Ref state(
      new GatherState<R, Collect>(loop, std::move(children), keep_exceptions, std::move(collect)));
  state->start(are_new, loc);
  return Future<R>(Ref<FutureState<R>>(state));
}

template <class T>
Future<T> as_child(Future<T> future, const std::source_location&) {
  return future;
}
template <class T>
Future<T> as_child(Coro<T> coro, const std::source_location& loc) {
  return ensure_future(std::move(coro), loc);
}
template <class A>
using child_value_t = typename decltype(as_child(std::declval<A>(), {}))::value_type;

// What gather() collects of one child: its value, or its outcome.
template <bool keep_exceptions, class T>
using collected_t = std::conditional_t<keep_exceptions, Outcome<T>, stored_t<T>>;
template <bool keep_exceptions, class T>
collected_t<keep_exceptions, T> collect(FutureBase& child) {
  auto& done = static_cast<FutureState<T>&>(child);
  if constexpr (keep_exceptions) {
    return Outcome<T>(done);
  } else {
    return take_stored(done);
  }
}

template <bool keep_exceptions, class... A>
auto gather_all(const std::source_location& loc, A... arguments) {
  using R = std::tuple<collected_t<keep_exceptions, child_value_t<A>>...>;
  // In braces, for the tasks are made from left to right.
  return make_gather<R>(
      {Ref<FutureBase>(as_child(std::move(arguments), loc).shared())...}, false, keep_exceptions,
      [](const std::vector<Ref<FutureBase>>& children) {
        auto child = children.begin();
        return R{collect<keep_exceptions, child_value_t<A>>(**child++)...};
      },
      loc);
}

template <bool keep_exceptions, class A>
auto gather_range(const std::source_location& loc, std::vector<A> arguments) {
  using T = child_value_t<A>;
  using R = std::vector<collected_t<keep_exceptions, T>>;
  std::vector<Ref<FutureBase>> children;
  children.reserve(arguments.size());
  for (A& argument : arguments) children.emplace_back(as_child(std::move(argument), loc).shared());
  return make_gather<R>(
      std::move(children), CoroLike<A>, keep_exceptions,
      [](const std::vector<Ref<FutureBase>>& done) {
        R results;
        results.reserve(done.size());
        for (const auto& child : done) results.push_back(collect<keep_exceptions, T>(*child));
        return results;
      },
      loc);
}

template <bool keep_exceptions, class... A>
using gather_t = decltype(gather_all<keep_exceptions>({}, std::declval<A>()...));
template <bool keep_exceptions, class A>
using gather_range_t = decltype(gather_range<keep_exceptions>({}, std::declval<std::vector<A>>()));

}  // namespace detail

// The results of several, in the order of the arguments: of `gather(f(), task, future)` a tuple
// (std::monostate for void), of `gather(std::vector{...})` a vector. Coroutines become tasks, from
// left to right, at the call.
//
// The first exception is thrown to whoever awaits, at once; the others go on, so they must not
// refer to what the awaiting coroutine holds, which may be gone by then: join() waits for them,
// too, and so does a TaskGroup. Cancelling the gather cancels all that are not done. With
// `gather(return_exceptions, ...)` nothing is thrown: each result is an Outcome. A class only so
// that it can note where it was called; use it as a function.
// asyncio: gather
template <class... A>
class gather : public detail::gather_t<false, A...> {
 public:
  explicit gather(A... arguments, std::source_location loc = std::source_location::current())
      : detail::gather_t<false, A...>(detail::gather_all<false>(loc, std::move(arguments)...)) {}
};
template <class... A>
class gather<return_exceptions_t, A...> : public detail::gather_t<true, A...> {
 public:
  explicit gather(return_exceptions_t, A... arguments,
                  std::source_location loc = std::source_location::current())
      : detail::gather_t<true, A...>(detail::gather_all<true>(loc, std::move(arguments)...)) {}
};
template <class A>
class gather<std::vector<A>> : public detail::gather_range_t<false, A> {
 public:
  explicit gather(std::vector<A> arguments,
                  std::source_location loc = std::source_location::current())
      : detail::gather_range_t<false, A>(detail::gather_range<false>(loc, std::move(arguments))) {}
};
template <class A>
class gather<return_exceptions_t, std::vector<A>> : public detail::gather_range_t<true, A> {
 public:
  gather(return_exceptions_t, std::vector<A> arguments,
         std::source_location loc = std::source_location::current())
      : detail::gather_range_t<true, A>(detail::gather_range<true>(loc, std::move(arguments))) {}
};
template <class... A>
gather(A...) -> gather<A...>;

}  // namespace asyncio
