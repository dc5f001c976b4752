// A loop's life around the coroutines that run in it.
#pragma once

#include <functional>

#include <asyncio/sleep.hpp>
#include <asyncio/task.hpp>

namespace asyncio {

// Makes a loop, of whatever kind.
using LoopFactory = std::function<std::unique_ptr<EventLoop>()>;

namespace detail {
// Cancels the loop's tasks; done when they are. Null when there are none.
Ref<FutureBase> cancel_all_tasks(EventLoop& loop);
// What they threw instead goes to the exception handler. asyncio: runners._cancel_all_tasks
void report_failed_shutdown(EventLoop& loop, FutureBase& cancelled);
// What is left to do then (waiting for threads); null when there is nothing. Call it until then:
// one step may follow another.
Ref<FutureBase> next_shutdown_step(EventLoop& loop);
}  // namespace detail

// Runs coroutines one after another in one loop, which it makes when it is first needed and closes
// at the end.
//
// Without a factory the loop is the policy's, and this thread's current one meanwhile. While run()
// runs on the program's first thread and SIGINT would end the process, Ctrl-C cancels the main task
// instead; run() then throws KeyboardInterrupt, unless the task refused. A second one while that is
// going on ends the process.
//
// All runs share one context, a copy of that in which the loop was made: what one coroutine sets,
// the next one sees.
// asyncio: Runner
class Runner {
 public:
  explicit Runner(std::optional<bool> debug = std::nullopt, LoopFactory loop_factory = {});
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  // close(); what it throws is logged.
  ~Runner();

  // Runs `coro` as a task until it is done. Gives its result, or throws its exception. Throws
  // RuntimeError "Runner.run() cannot be called from a running event loop" or "Runner is closed".
  // asyncio: Runner.run
  template <class T>
  T run(Coro<T> coro, std::source_location loc = std::source_location::current()) {
    check_can_run();
    EventLoop& loop = get_loop();
    const detail::ContextRef own = own_context();
    const Task<T> task = own.state ? loop.create_task(std::move(coro), {}, Context(own), loc)
                                   : loop.create_task(std::move(coro), {}, loc);
    const KeptContext kept(*this, task);
    run_until_done(task);
    return detail::take(*task.shared());
  }
  // The same in `context`. asyncio: Runner.run(coro, context=context)
  template <class T>
  T run(Coro<T> coro, const Context& context,
        std::source_location loc = std::source_location::current()) {
    check_can_run();
    const Task<T> task = get_loop().create_task(std::move(coro), {}, context, loc);
    run_until_done(task);
    return detail::take(*task.shared());
  }
  // Makes it now if need be. Throws RuntimeError "Runner is closed". asyncio: Runner.get_loop
  EventLoop& get_loop();
  // Cancels the tasks that are left and runs until they are done, ends async generators and the
  // default executor, and closes the loop. Closing twice does nothing. asyncio: Runner.close
  void close();

 private:
  class Interrupt;
  // At the end of a run the runner's context is that of the task, which may have made it. A task
  // that has not ended shares it with those of later runs.
  class KeptContext {
   public:
    KeptContext(Runner& runner, AnyTask task) noexcept : runner_(runner), task_(std::move(task)) {}
    KeptContext(const KeptContext&) = delete;
    KeptContext& operator=(const KeptContext&) = delete;
    ~KeptContext() {
      if (!task_.done()) task_.core().context();
      runner_.context_ = task_.core().context_or_none();
    }

   private:
    Runner& runner_;
    AnyTask task_;
  };
  void check_can_run() const;
  detail::ContextRef own_context();
  void run_until_done(const AnyTask& task);
  void shut_down();
  void close_loop();

  std::optional<bool> debug_;
  LoopFactory loop_factory_;
  std::unique_ptr<EventLoop> loop_;
  detail::ContextRef context_;  // null: an empty one. asyncio: Runner._context
  bool is_current_ = false;
  bool closed_ = false;
};

}  // namespace asyncio
