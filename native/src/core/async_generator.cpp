#include <asyncio/async_generator.hpp>
#include <asyncio/gather.hpp>
#include <asyncio/log.hpp>

#include "core/loop_access.hpp"

namespace asyncio {
namespace detail {

GeneratorCore::GeneratorCore(PromiseBase& promise) noexcept
    : call_(promise.handle()), function_(promise.where().function_name()) {}

void GeneratorCore::check_not_running(const char* method) const {
  if (running_)
    throw RuntimeError(std::string(method) + "(): asynchronous generator is already running");
}

void GeneratorCore::begin_step(const PromiseBase& caller, std::exception_ptr thrown) {
  TaskCore& task = caller.task();
  if (!started_) begin_first(task.future().loop());
  running_ = true;
  thrown_ = std::move(thrown);
  PromiseBase::of(call_.frame()).run_in(task, call_, caller.handle());
  task.run_next(call_.frame());
}

// asyncio: BaseEventLoop._asyncgen_firstiter_hook
void GeneratorCore::begin_first(EventLoop& loop) {
  started_ = true;
  anchor_ = LoopAccess::anchor(loop);
  if (LoopAccess::asyncgens_shutdown_called(loop))
    log(&loop, LogLevel::warning,
        "asynchronous generator " + text() + " was scheduled after loop.shutdown_asyncgens() call");
  join_list(LoopAccess::generators(loop));
}

bool GeneratorCore::end_step() {
  if (!finished()) return true;
  call_.end();
  return false;
}

void GeneratorCore::drop() noexcept { call_.drop_frame(); }

bool GeneratorCore::any_unfinished(const Abandonable* list) noexcept {
  for (; list; list = following(*list))
    if (!static_cast<const GeneratorCore*>(list)->finished()) return true;
  return false;
}

// The last reference is gone.
void GeneratorCore::end() noexcept {
  if (!finished()) {
    if (hand_over_to_loop()) return;
    drop();
  }
  dispose();
}

// True if its loop closes it and holds it meanwhile. One that is in the middle of a step has no
// place where anything could be thrown: the task that ran it is gone.
// asyncio: BaseEventLoop._asyncgen_finalizer_hook
bool GeneratorCore::hand_over_to_loop() noexcept {
  EventLoop* const loop = anchor_ ? anchor_->loop : nullptr;
  if (!loop || loop->is_closed() || running_ || closed_) return false;
  closed_ = true;
  leave_list();
  const Ref keep(this);
  try {
    LoopAccess::schedule(*loop, make_callback(
                                    "threadsafe", [loop, keep] { loop->create_task(aclose(keep)); },
                                    std::source_location{}));
  } catch (...) {
    drop();
  }
  return true;
}

std::string GeneratorCore::text() const {
  return "<async_generator object " + std::string(bare_function_name(function_)) + ">";
}

namespace {

// Throws GeneratorExit into it; gives whether it yielded nevertheless.
class CloseStep : public AwaiterTag {
 public:
  explicit CloseStep(GeneratorCore& generator) noexcept : generator_(generator) {}
  bool await_ready() const noexcept { return false; }
  template <class P>
  void await_suspend(std::coroutine_handle<P> caller) const {
    generator_.begin_step(caller.promise(), std::make_exception_ptr(GeneratorExit()));
  }
  bool await_resume() const { return generator_.end_step(); }

 private:
  GeneratorCore& generator_;
};

}  // namespace

Coro<> aclose(Ref<GeneratorCore> generator) {
  if (!generator || generator->finished()) co_return;
  generator->check_not_running("aclose");
  if (!generator->started()) {
    generator->drop();
    co_return;
  }
  generator->mark_closed();
  bool yielded = false;
  try {
    yielded = co_await CloseStep(*generator);
  } catch (const GeneratorExit&) {
  }
  if (yielded) throw RuntimeError("async generator ignored GeneratorExit");
}

}  // namespace detail

Coro<> EventLoop::shutdown_asyncgens() {
  asyncgens_shutdown_called_ = true;
  std::vector<detail::Ref<detail::GeneratorCore>> generators;
  while (generators_) {
    generators.emplace_back(static_cast<detail::GeneratorCore*>(generators_));
    generators_->abandon();
  }
  if (generators.empty()) co_return;
  std::reverse(generators.begin(), generators.end());  // oldest first
  std::vector<Coro<>> closing;
  closing.reserve(generators.size());
  for (const auto& generator : generators) closing.push_back(detail::aclose(generator));
  const std::vector<Outcome<void>> outcomes =
      co_await gather(return_exceptions, std::move(closing));
  for (std::size_t index = 0; index < outcomes.size(); ++index) {
    const std::exception_ptr& error = outcomes[index].exception();
    if (!error || describe_type(error) == "CancelledError") continue;
    const std::string text = generators[index]->text();
    call_exception_handler({"an error occurred during closing of asynchronous generator " + text,
                            error, Handle(), text});
  }
}

}  // namespace asyncio
