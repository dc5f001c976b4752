#include <asyncio/async_generator.hpp>
#include <asyncio/detail/process_signals.hpp>
#include <asyncio/gather.hpp>
#include <asyncio/log.hpp>
#include <asyncio/runner.hpp>

#include "core/loop_access.hpp"

namespace asyncio {

namespace detail {

namespace {
struct CancelledTasks {
  std::vector<Ref<FutureBase>> tasks;
};
}  // namespace

Ref<FutureBase> cancel_all_tasks(EventLoop& loop) {
  const std::vector<AnyTask> tasks = all_tasks(loop);
  if (tasks.empty()) return {};
  std::vector<Ref<FutureBase>> futures;
  futures.reserve(tasks.size());
  for (const AnyTask& task : tasks) {
    task.cancel();
    futures.push_back(task.shared());
  }
  return make_gather<CancelledTasks>(
             std::move(futures), false, true,
             [](const std::vector<Ref<FutureBase>>& children) { return CancelledTasks{children}; },
             {})
      .shared();
}

void report_failed_shutdown(EventLoop& loop, FutureBase& cancelled) {
  for (const auto& task : static_cast<FutureState<CancelledTasks>&>(cancelled).result().tasks) {
    if (task->cancelled()) continue;
    if (const std::exception_ptr exception = task->exception())
      loop.call_exception_handler({"unhandled exception during asyncio.run() shutdown", exception,
                                   Handle(), task->text(), context_of(*task)});
  }
}

// Differs from asyncio: where there is nothing to shut down, there is no task for it that takes
// turns.
Ref<FutureBase> next_shutdown_step(EventLoop& loop) {
  if (GeneratorCore::any_unfinished(LoopAccess::generators(loop)) &&
      !LoopAccess::asyncgens_shutdown_called(loop))
    return loop.create_task(loop.shutdown_asyncgens(), {}, std::source_location{}).shared();
  if (LoopAccess::has_default_executor(loop))
    return loop
        .create_task(loop.shutdown_default_executor(std::chrono::minutes(5)), {},
                     std::source_location{})
        .shared();
  return {};
}

}  // namespace detail

using detail::LoopAccess;

// While it lives, SIGINT cancels the task, unless the program sets a handler of its own.
class Runner::Interrupt {
 public:
  Interrupt(EventLoop& loop, const AnyTask& task) : loop_(loop), task_(task) {
    if (!detail::interrupt_ends_process()) return;
    const auto mark = std::make_shared<bool>();
    try {
      loop_.add_signal_handler(
          detail::interrupt_signal(), [this, mark] { on_interrupt(); }, std::source_location{});
      mark_ = mark;
    } catch (const RuntimeError&) {
      // A loop of another kind that knows no signals, or another loop has it.
    }
  }
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt() {
    if (!mark_.expired()) loop_.remove_signal_handler(detail::interrupt_signal());
  }
  // The task was cancelled by it, and by nothing else; or it came when the task had just ended.
  bool is_the_cause() const {
    if (count_ == 0) return false;
    return late_ ? !task_.cancelled() : task_.cancelled() && task_.uncancel() == 0;
  }

 private:
  void on_interrupt() {
    if (++count_ == 1) {
      late_ = !task_.cancel();
      return;
    }
    loop_.remove_signal_handler(detail::interrupt_signal());
    mark_.reset();
    detail::interrupt_process();
  }

  EventLoop& loop_;
  AnyTask task_;
  unsigned count_ = 0;
  bool late_ = false;
  std::weak_ptr<bool> mark_;  // lives in the handler: gone when another took its place
};

Runner::Runner(std::optional<bool> debug, LoopFactory loop_factory)
    : debug_(debug), loop_factory_(std::move(loop_factory)) {}

Runner::~Runner() {
  try {
    close();
  } catch (...) {
    detail::log(nullptr, LogLevel::error,
                "Exception while a Runner closed\n" + describe(std::current_exception()));
  }
}

EventLoop& Runner::get_loop() {
  if (closed_) throw RuntimeError("Runner is closed");
  if (loop_) return *loop_;
  if (loop_factory_) {
    loop_ = loop_factory_();
    if (!loop_) throw RuntimeError("the loop factory made no loop");
  } else {
    loop_ = new_event_loop();
    set_event_loop(loop_.get());
    is_current_ = true;
  }
  if (debug_) loop_->set_debug(*debug_);
  context_ = detail::ContextRef(detail::copy_context_state(detail::current_context));
  return *loop_;
}

// A task copies the current context where it is given none: an empty one must then be a real one.
detail::ContextRef Runner::own_context() {
  if (!context_.state && detail::current_context)
    context_ = detail::ContextRef(detail::new_context_state());
  return context_;
}

void Runner::check_can_run() const {
  if (running_loop()) throw RuntimeError("Runner.run() cannot be called from a running event loop");
}

void Runner::run_until_done(const AnyTask& task) {
  const Interrupt interrupt(*loop_, task);
  LoopAccess::run_until_done(*loop_, *task.shared());
  if (!interrupt.is_the_cause()) return;
  detail::expect_keyboard_interrupt();
  throw KeyboardInterrupt();
}

void Runner::shut_down() {
  if (const detail::Ref<detail::FutureBase> cancelled = detail::cancel_all_tasks(*loop_)) {
    LoopAccess::run_until_done(*loop_, *cancelled);
    detail::report_failed_shutdown(*loop_, *cancelled);
  }
  while (const detail::Ref<detail::FutureBase> step = detail::next_shutdown_step(*loop_)) {
    LoopAccess::run_until_done(*loop_, *step);
    step->throw_if_failed();
  }
}

void Runner::close() {
  if (std::exchange(closed_, true) || !loop_) return;
  try {
    shut_down();
  } catch (...) {
    close_loop();
    throw;
  }
  close_loop();
}

// It is destroyed with the Runner: who still refers to it finds it closed.
void Runner::close_loop() {
  if (is_current_) set_event_loop(nullptr);
  loop_->close();
}

}  // namespace asyncio
