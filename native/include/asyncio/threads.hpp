// Between a loop and other threads.
#pragma once

#include <functional>
#include <tuple>

#include <asyncio/detail/temporary.hpp>
#include <asyncio/executor.hpp>
#include <asyncio/task.hpp>

namespace asyncio {

namespace detail {

template <class F, class... A>
auto call_in_thread(F func, A... args) -> Coro<std::invoke_result_t<F, A...>> {
  EventLoop& loop = get_running_loop();
  auto call = [func = std::move(func), args = std::tuple<A...>(std::move(args)...),
               context = copy_context()]() mutable -> decltype(auto) {
    return context.run(
        [&]() -> decltype(auto) { return std::apply(std::move(func), std::move(args)); });
  };
  const auto future = loop.run_in_executor(nullptr, std::move(call));
  co_return co_await future;
}

}  // namespace detail

// Calls `func(args...)` in a thread of the running loop's default executor, in a copy of the
// task's context; others run meanwhile. Gives what it returned, or throws what it threw. Cancelling
// stops the waiting, not the call.
// asyncio: to_thread
template <class F, class... A>
auto to_thread(F&& func, A... args) -> Coro<std::invoke_result_t<std::decay_t<F>, A...>> {
  detail::check_temporary<F>();
  return detail::call_in_thread<std::decay_t<F>, A...>(std::forward<F>(func), std::move(args)...);
}

namespace detail {

// The task's end ends `state`; cancelling `state` cancels the task. In the loop's thread. asyncio:
// futures._chain_future
class TaskInLoop {
 public:
  // `cancel` is called in the loop when `state` is cancelled, until disconnect().
  TaskInLoop(EventLoop& loop, ConcurrentState& state, std::function<void()> cancel);
  void disconnect() const;

 private:
  std::shared_ptr<Inbox> inbox_;
  Inbox::Ticket ticket_;
};

template <class T>
void connect(const Task<T>& task, const std::shared_ptr<ConcurrentValue<T>>& state) {
  const TaskInLoop connection(task.get_loop(), *state, [task] { task.cancel(); });
  task.add_done_callback([state, connection](const Future<T>& done) {
    connection.disconnect();
    if (done.cancelled()) state->cancel();
    if (!state->begin()) return;
    if (std::exception_ptr error = done.exception()) {
      state->finish(std::move(error));
      return;
    }
    state->set(take_stored(*done.shared()));
    state->finish();
  });
}

}  // namespace detail

// Runs `coro` as a task of a loop that runs in another thread. Wait for the result with its
// result(); cancelling it cancels the task. Callable from any thread but the loop's own. Throws
// RuntimeError "Event loop is closed".
// asyncio: run_coroutine_threadsafe
template <class T>
concurrent::Future<T> run_coroutine_threadsafe(
    Coro<T> coro, EventLoop& loop, std::source_location loc = std::source_location::current()) {
  auto state = std::make_shared<detail::ConcurrentValue<T>>();
  loop.call_soon_threadsafe(
      [coro = std::move(coro), state, &loop, loc]() mutable {
        try {
          detail::connect(loop.create_task(std::move(coro), {}, loc), state);
        } catch (...) {
          if (state->begin()) state->finish(std::current_exception());
          throw;
        }
      },
      loc);
  return concurrent::Future<T>(std::move(state));
}

// A future of the running loop that is done when `future` is; cancelling it cancels `future`.
// asyncio: wrap_future
template <class T>
Future<T> wrap_future(const concurrent::Future<T>& future) {
  EventLoop& loop = get_running_loop();
  const detail::Ref wrapped(new detail::ExecutorFuture<T>(loop, future.shared()));
  detail::CallInThread::connect(loop, future.shared(), [wrapped] { wrapped->copy(); });
  return Future<T>(detail::Ref<detail::FutureState<T>>(wrapped.get()));
}

}  // namespace asyncio
