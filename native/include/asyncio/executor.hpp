// Threads that call functions for a loop.
#pragma once

#include <functional>
#include <string>
#include <type_traits>

#include <asyncio/concurrent_future.hpp>
#include <asyncio/detail/crew.hpp>
#include <asyncio/detail/inbox.hpp>
#include <asyncio/future.hpp>

namespace asyncio {

namespace detail {

// A call that a thread will make. It goes where it was run or given up.
class Job {
 public:
  Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  virtual ~Job() = default;
  virtual void run() noexcept = 0;
  // It will never run.
  virtual void give_up() noexcept = 0;

  std::unique_ptr<CrewSeat> seat;  // where time is virtual
};

template <class T, class F>
class FunctionJob final : public Job {
 public:
  template <class G>
  FunctionJob(std::shared_ptr<ConcurrentValue<T>> state, G&& function)
      : state_(std::move(state)), function_(std::in_place, std::forward<G>(function)) {}
  void run() noexcept override {
    if (!state_->begin()) return;
    std::exception_ptr error;
    try {
      if constexpr (std::is_void_v<T>) {
        (*function_)();
        state_->set();
      } else {
        state_->set((*function_)());
      }
    } catch (...) {
      error = std::current_exception();
    }
    function_.reset();  // what it holds goes before anybody hears of its end
    state_->finish(std::move(error));
  }
  void give_up() noexcept override { state_->cancel(); }

 private:
  std::shared_ptr<ConcurrentValue<T>> state_;
  Captured<F> function_;
};

// A loop's future for a call in another thread.
class CallInThread {
 public:
  // In the loop's thread: takes `future` to be done, with what `copy` makes of it, in the turn
  // after `state` is.
  static void connect(EventLoop& loop, const std::shared_ptr<ConcurrentState>& state,
                      std::function<void()> copy);
  // Where time is virtual, a place for the call.
  static std::unique_ptr<CrewSeat> seat(EventLoop& loop);
  // For the trace: a call goes out, and comes back. What the loop's calls wait at.
  static void note(EventLoop& loop, std::string_view op, int change);
  static ResourceId resource(const EventLoop& loop) noexcept;
  // The executor to use: the loop's own for null.
  static Executor& executor(EventLoop& loop, Executor* executor);
};

template <class T>
class ExecutorFuture final : public FutureState<T> {
 public:
  ExecutorFuture(EventLoop& loop, std::shared_ptr<ConcurrentValue<T>> state)
      : FutureState<T>(loop, "executor"), state_(std::move(state)) {}
  // What has not begun never will; what has is not heard of any more.
  bool cancel(const std::string& message) override {
    if (!FutureState<T>::cancel(message)) return false;
    state_->cancel();
    return true;
  }
  trace::Awaiting awaiting() const override {
    const EventLoop* loop = this->loop_or_null();
    return {this->type(), this->id(), 0, {}, loop ? CallInThread::resource(*loop) : 0, "call"};
  }
  // asyncio: futures._copy_future_state
  void copy() {
    if (this->done()) return;
    if (state_->cancelled()) {
      FutureState<T>::cancel({});
    } else if (std::exception_ptr error = state_->exception()) {
      this->set_exception(std::move(error));
    } else {
      this->set_result(std::move(state_->value()));
    }
  }

 private:
  std::shared_ptr<ConcurrentValue<T>> state_;
};

}  // namespace detail

// Something that calls functions elsewhere. asyncio: concurrent.futures.Executor
class Executor {
 public:
  Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  virtual ~Executor() = default;

  // Calls `function` in another thread. Any thread may submit. asyncio: Executor.submit
  template <class F>
  auto submit(F&& function) {
    using T = std::invoke_result_t<std::decay_t<F>&>;
    return submit_job<T>(std::forward<F>(function), nullptr);
  }
  // Refuses what is submitted from now on. `wait`: until all that was has ended. `cancel_futures`:
  // what has not begun never will. asyncio: Executor.shutdown
  virtual void shutdown(bool wait = true, bool cancel_futures = false) = 0;

  // For the library.
  template <class T, class F>
  concurrent::Future<T> submit_job(F&& function, std::unique_ptr<detail::CrewSeat> seat) {
    auto state = std::make_shared<detail::ConcurrentValue<T>>();
    auto job =
        std::make_unique<detail::FunctionJob<T, std::decay_t<F>>>(state, std::forward<F>(function));
    job->seat = std::move(seat);
    execute(std::move(job));
    return concurrent::Future<T>(std::move(state));
  }

 protected:
  // Runs the job in another thread, or gives it up. Throws NotImplementedError until it is
  // overridden.
  virtual void execute(std::unique_ptr<detail::Job> job);
};

// A number of threads, made when they are needed, and jobs in the order in which they came.
// asyncio: concurrent.futures.ThreadPoolExecutor
class ThreadPoolExecutor : public Executor {
 public:
  // `max_workers` 0: four more than the machine has processors, 32 at most. The prefix names the
  // threads for debuggers. Throws std::invalid_argument "max_workers must be greater than 0" for a
  // negative number, and RuntimeError in WebAssembly when it is first used: there are no threads.
  explicit ThreadPoolExecutor(int max_workers = 0, std::string thread_name_prefix = {});
  // shutdown(): waits, unless abandon() was called.
  ~ThreadPoolExecutor() override;
  // A job submitted later throws RuntimeError "cannot schedule new futures after shutdown".
  void shutdown(bool wait = true, bool cancel_futures = false) override;

  // For the library: `callback` is called once nothing runs and nothing waits to be run; at once,
  // or in the thread that ran the last job.
  void when_idle(std::function<void()> callback);
  // Nobody will wait for the threads: they end when their jobs do.
  void abandon();

 protected:
  void execute(std::unique_ptr<detail::Job> job) override;

 private:
  class Pool;
  std::shared_ptr<Pool> pool_;
};

template <class F>
auto EventLoop::run_in_executor(Executor* executor, F&& func) {
  using T = std::invoke_result_t<std::decay_t<F>&>;
  static_assert(!detail::is_coroutine<T>, "coroutines cannot be used with run_in_executor()");
  Executor& chosen = detail::CallInThread::executor(*this, executor);
  const concurrent::Future<T> call =
      chosen.submit_job<T>(std::forward<F>(func), detail::CallInThread::seat(*this));
  const detail::Ref future(new detail::ExecutorFuture<T>(*this, call.shared()));
  detail::CallInThread::note(*this, "submitted", +1);
  detail::CallInThread::connect(*this, call.shared(), [this, future] {
    detail::CallInThread::note(*this, "returned", -1);
    future->copy();
  });
  return Future<T>(detail::Ref<detail::FutureState<T>>(future.get()));
}

}  // namespace asyncio
