#include <asyncio/gather.hpp>
#include <asyncio/run.hpp>

#include "core/loop_access.hpp"

namespace asyncio::detail {

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
  return make_gather<CancelledTasks>(futures, true, [futures] { return CancelledTasks{futures}; },
                                     {})
      .shared();
}

void report_failed_shutdown(EventLoop& loop, FutureBase& cancelled) {
  for (const auto& task : static_cast<FutureState<CancelledTasks>&>(cancelled).result().tasks) {
    if (task->cancelled()) continue;
    if (const std::exception_ptr exception = task->exception())
      loop.call_exception_handler(
          {"unhandled exception during asyncio.run() shutdown", exception, Handle(), task->text()});
  }
}

RunLoop::RunLoop(std::optional<bool> debug) {
  if (running_loop())
    throw RuntimeError("asyncio.run() cannot be called from a running event loop");
  loop_ = new_event_loop();
  if (debug) loop_->set_debug(*debug);
  set_event_loop(loop_.get());
}

RunLoop::~RunLoop() { close(); }

void RunLoop::close() {
  set_event_loop(nullptr);
  loop_->close();
}

void RunLoop::cancel_rest() {
  const Ref<FutureBase> cancelled = cancel_all_tasks(*loop_);
  if (!cancelled) return;
  LoopAccess::run_until_done(*loop_, *cancelled);
  report_failed_shutdown(*loop_, *cancelled);
}

// What is thrown here, or by the result of `main` afterwards, may reach nobody: then the stack is
// not unwound, and no destructor closes the loop.
void RunLoop::run(FutureBase& main) {
  try {
    LoopAccess::run_until_done(*loop_, main);
  } catch (...) {
    cancel_rest();
    close();
    throw;
  }
  cancel_rest();
  close();
}

}  // namespace asyncio::detail
