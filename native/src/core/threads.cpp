#include <asyncio/detail/resource.hpp>
#include <asyncio/log.hpp>
#include <asyncio/sleep.hpp>
#include <asyncio/threads.hpp>

#include "core/loop_access.hpp"

namespace asyncio {

namespace detail {

// asyncio: futures.wrap_future
void CallInThread::connect(EventLoop& loop, const std::shared_ptr<ConcurrentState>& state,
                           std::function<void()> copy) {
  const Inbox::Ticket ticket =
      LoopAccess::leave(loop, make_callback("executor", std::move(copy), std::source_location{}));
  state->on_done([inbox = LoopAccess::inbox(loop), ticket] { inbox->post(ticket); });
}

std::unique_ptr<CrewSeat> CallInThread::seat(EventLoop& loop) {
  return LoopAccess::poller(loop).new_seat();
}

void CallInThread::note(EventLoop& loop, std::string_view op, int change) {
  loop.calls_out_ += change;
  if (!loop.tracer()) return;
  if (!loop.calls_in_threads_) loop.calls_in_threads_ = std::make_unique<Resource>("executor");
  loop.calls_in_threads_->note(loop, op, [&] {
    const std::string calls = std::to_string(loop.calls_out_);
    return ResourceNow{.state = calls + (loop.calls_out_ == 1 ? " call" : " calls"),
                       .value = loop.calls_out_};
  });
}

ResourceId CallInThread::resource(const EventLoop& loop) noexcept {
  return loop.calls_in_threads_ ? loop.calls_in_threads_->id() : 0;
}

Executor& CallInThread::executor(EventLoop& loop, Executor* executor) {
  LoopAccess::check_callable(loop);
  if (LoopAccess::is_foreign(loop)) throw NotImplementedError("run_in_executor()");
  if (executor) return *executor;
  if (LoopAccess::executor_shutdown_called(loop))
    throw RuntimeError("Executor shutdown has been called");
  auto& own = LoopAccess::default_executor(loop);
  if (!own) own = std::make_shared<ThreadPoolExecutor>(0, "asyncio");
  return *own;
}

TaskInLoop::TaskInLoop(EventLoop& loop, ConcurrentState& state, std::function<void()> cancel)
    : inbox_(LoopAccess::inbox(loop)),
      ticket_(LoopAccess::leave(
          loop, make_callback("threadsafe", std::move(cancel), std::source_location{}))) {
  state.on_done([&state, inbox = inbox_, ticket = ticket_] {
    if (state.cancelled()) inbox->post(ticket);
  });
}

void TaskInLoop::disconnect() const { inbox_->take_back(ticket_); }

}  // namespace detail

using detail::LoopAccess;

void Executor::execute(std::unique_ptr<detail::Job>) { throw NotImplementedError("submit()"); }

void EventLoop::set_default_executor(std::shared_ptr<ThreadPoolExecutor> executor) {
  if (!executor) throw TypeError("executor must be ThreadPoolExecutor instance");
  default_executor_ = std::move(executor);
}

Coro<> EventLoop::shutdown_default_executor(std::optional<Duration> timeout) {
  executor_shutdown_called_ = true;
  const std::shared_ptr<ThreadPoolExecutor> executor = std::exchange(default_executor_, nullptr);
  if (!executor) co_return;
  executor->shutdown(false);

  auto idle = std::make_shared<detail::ConcurrentValue<void>>();
  executor->when_idle([idle] {
    if (!idle->begin()) return;
    idle->set();
    idle->finish();
  });
  Future<> future = create_future<void>();
  const auto set = [future]() mutable {
    if (!future.done()) future.set_result();
  };
  detail::CallInThread::connect(*this, idle, set);
  bool late = false;
  TimerHandle timer;
  if (timeout) {
    timer = TimerHandle(schedule_at(after(*timeout), detail::make_callback(
                                                         "timer",
                                                         [&future, &late] {
                                                           late = !future.done();
                                                           if (late) future.set_result();
                                                         },
                                                         std::source_location{})));
  }
  struct CancelTimer {
    TimerHandle& timer;
    ~CancelTimer() { timer.cancel(); }
  } const cancel_timer{timer};
  co_await future;
  if (late) {
    char seconds_text[32];
    std::snprintf(seconds_text, sizeof seconds_text, "%g", seconds(*timeout));
    detail::log(this, LogLevel::warning,
                std::string("The executor did not finishing joining its threads within ") +
                    seconds_text + " seconds.");
    executor->abandon();
  } else {
    executor->shutdown(true);
  }
}

}  // namespace asyncio
