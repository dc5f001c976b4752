#include <algorithm>
#include <atomic>
#include <cstdio>

#include <asyncio/detail/task_core.hpp>
#include <asyncio/event_loop.hpp>
#include <asyncio/log.hpp>

#include "core/loop_access.hpp"

namespace asyncio {

namespace {

constexpr Duration kLongestWait = std::chrono::hours(24);  // asyncio: MAXIMUM_SELECT_TIMEOUT

// By reference, from here: a fresh optional costs a turn as much as all the rest of it.
constexpr std::optional<Duration> kAtOnce{Duration{0}};
constexpr std::optional<Duration> kAsLongAsNeeded{};

thread_local EventLoop* running_here = nullptr;
thread_local EventLoop* current_here = nullptr;

unsigned next_loop_id() noexcept {
  static std::atomic<unsigned> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

std::string seconds_text(Duration duration) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", seconds(duration));
  return text;
}

}  // namespace

// -- The loop of a thread ---------------------------------------------------------------------------------------------

EventLoop* running_loop() noexcept { return running_here; }

EventLoop& get_running_loop() {
  if (!running_here) throw RuntimeError("no running event loop");
  return *running_here;
}

void set_event_loop(EventLoop* loop) noexcept { current_here = loop; }

EventLoop& get_event_loop() {
  if (running_here) return *running_here;
  if (current_here) return *current_here;
  throw RuntimeError("There is no current event loop in this thread.");
}

detail::Running::Running(EventLoop& loop) noexcept
    : previous_(std::exchange(running_here, &loop)) {}
detail::Running::~Running() { running_here = previous_; }

// -- Life ---------------------------------------------------------------------------------------------------------------

EventLoop::EventLoop(Backend backend, Tracer* tracer)
    : backend_(std::move(backend)),
      tracer_(tracer),
      anchor_(new detail::LoopAnchor{this}),
      id_(next_loop_id()) {}

EventLoop::~EventLoop() {
  running_ = false;
  close();
  ending_ = true;
  abandon_tasks();
  abandon_all();  // what the frames' destructors scheduled
  if (current_here == this) current_here = nullptr;
  anchor_->loop = nullptr;
}

void EventLoop::close() {
  if (running_) throw RuntimeError("Cannot close a running event loop");
  if (is_closed()) return;
  closed_.store(true, std::memory_order_relaxed);
  abandon_all();
  if (tracer()) emit(trace::LoopClose{});
}

void EventLoop::abandon_all() {
  if (!inbox_.empty()) accept_foreign();
  const auto abandon = [this](detail::HandleNode* node) {
    if (tracer()) {
      if (node->cancelled) {
        emit(trace::Dropped{node->id});
      } else {
        emit(trace::Abandoned{node->id});
      }
    }
    node->place = detail::HandleNode::Place::nowhere;
    node->loop = nullptr;
    node->release();
  };
  while (!ready_.empty()) abandon(ready_.pop());
  while (!timers_.empty()) abandon(timers_.pop());
}

void EventLoop::abandon_tasks() {
  // Destroying a frame may end other tasks; so always take the oldest that is left.
  while (detail::TaskCore* task = oldest_task_) {
    const detail::Ref keep(&task->future());
    task->abandon();
  }
  while (combinators_) combinators_->abandon();
  while (generators_) generators_->abandon();
}

void EventLoop::check_closed() const {
  if (is_closed()) throw RuntimeError("Event loop is closed");
}

void EventLoop::check_can_run() const {
  check_closed();
  if (running_) throw RuntimeError("This event loop is already running");
  if (running_here) throw RuntimeError("Cannot run the event loop while another loop is running");
}

void EventLoop::check_callable_here(const char* what) const {
  check_closed();
  if (!debug_) return;
  const std::thread::id owner = thread_.load(std::memory_order_relaxed);
  if (owner != std::thread::id() && owner != std::this_thread::get_id())
    throw RuntimeError(
        std::string(
            "Non-thread-safe operation invoked on an event loop other than the current one: ") +
        what);
}

// -- Scheduling ---------------------------------------------------------------------------------------------------------

void EventLoop::before_scheduling(detail::HandleNode* node) {
  if (is_closed()) {
    node->release();
    check_closed();
  }
  accept_foreign();  // what was scheduled before, by another thread, runs before
}

detail::Ref<detail::HandleNode> EventLoop::schedule_at(Instant when,
                                                       detail::Ref<detail::HandleNode> node) {
  check_closed();
  node->loop = this;
  node->id = detail::id_source.handle();
  node->when = when;
  node->timer = true;
  node->place = detail::HandleNode::Place::timers;
  if (tracer()) [[unlikely]]
    note_scheduled(*node, {});
  timers_.push(detail::Ref<detail::HandleNode>(node).detach());
  return node;
}

void EventLoop::schedule_threadsafe(detail::Ref<detail::HandleNode> node) {
  check_closed();
  // Between runs no thread is the loop's own: it may be about to run in another one.
  if (running_here == this) {
    schedule(node.detach());
  } else {
    inbox_.push(node.detach());
  }
  backend_.poller->wake();
}

void EventLoop::accept_foreign() {
  for (detail::HandleNode* node : inbox_.take()) {
    node->loop = this;
    node->id = detail::id_source.handle();
    if (tracer()) note_scheduled(*node, {});
    enqueue(node);
  }
}

void EventLoop::note_scheduled(const detail::HandleNode& node, trace::Cause cause) const {
  trace::Scheduled event{node.id, running_handle_, node.label};
  if (node.task) event.task = node.task->id();
  event.by = cause;
  if (node.timer) event.when = node.when;
  if (node.loc.line() != 0) event.loc = trace::Place{node.loc};
  emit(event);
  if (node.task && cause.kind != trace::Cause::Kind::outside)
    emit(trace::TaskWakeup{node.task->id(), node.id, cause});
}

void detail::HandleNode::cancel() {
  if (cancelled) return;
  cancelled = true;
  if (place == Place::ready || place == Place::timers) {
    if (loop) loop->timer_cancelled(*this);
    discard();
  }
}

void EventLoop::timer_cancelled(const detail::HandleNode& node) {
  if (tracer()) emit(trace::HandleCancelled{node.id, running_handle_});
  if (node.place == detail::HandleNode::Place::timers) timers_.note_cancelled();
}

// -- Turns --------------------------------------------------------------------------------------------------------------

void EventLoop::drop_cancelled_timers() {
  const auto drop = [this](detail::HandleNode* node) {
    if (tracer()) emit(trace::Dropped{node->id});
    node->place = detail::HandleNode::Place::nowhere;
    node->release();
  };
  if (timers_.mostly_cancelled()) {
    for (detail::HandleNode* node : timers_.take_cancelled()) drop(node);
    return;
  }
  while (!timers_.empty() && timers_.top().cancelled) {
    timers_.note_dropped();
    drop(timers_.pop());
  }
}

Instant EventLoop::after(Duration delay) const {
  const Instant now = time();
  return delay > Instant::max() - now ? Instant::max() : now + delay;
}

std::optional<Duration> EventLoop::next_timeout() const {
  if (has_work()) return Duration{0};
  if (timers_.empty()) return std::nullopt;
  const Duration left = timers_.top_when() - time();
  if (left < backend_.clock->resolution()) return Duration{0};
  return std::min(left, kLongestWait);
}

void EventLoop::move_due_timers() {
  const Instant end = time() + backend_.clock->resolution();
  while (!timers_.empty() && timers_.top_when() < end) {
    detail::HandleNode* node = timers_.pop();
    if (node->cancelled) timers_.note_dropped();
    if (tracer()) [[unlikely]]
      emit(trace::TimerDue{node->id, node->when});
    enqueue(node);
  }
}

void EventLoop::turn(std::optional<Duration> wait) {
  const detail::Running running(*this);
  run_once(wait);
}

void EventLoop::run_once(const std::optional<Duration>& wait) {
  check_closed();
  if (!timers_.empty()) drop_cancelled_timers();
  ++turn_;
  if (has_work()) {
    io_.clear();
    if (tracer() || !backend_.poller->quiet()) wait_at_most(kAtOnce);
  } else {
    const std::optional<Duration> timeout = next_timeout();
    wait_at_most(wait && (!timeout || *wait < *timeout) ? wait : timeout);
  }
  if (!inbox_.empty()) accept_foreign();
  if (!timers_.empty()) move_due_timers();  // else it need not know the time

  tracer() ? run_ready<true>() : run_ready<false>();
}

void EventLoop::wait_at_most(const std::optional<Duration>& timeout) {
  if (tracer()) [[unlikely]]
    emit(trace::TurnBegin{ready_.size(), timers_.size(), timeout});
  io_.clear();
  try {
    backend_.poller->wait(timeout, io_);
  } catch (const NothingToWaitFor&) {
    throw_deadlock();
  }
}

// Exactly those present now: what they schedule runs in the next turn. This is the only place where
// callbacks run.
template <bool traced>
void EventLoop::run_ready() {
  const std::size_t count = ready_.size();
  for (std::size_t left = count; left > 0; --left) {
    detail::HandleNode* node = ready_.pop();
    node->place = detail::HandleNode::Place::nowhere;
    if (!node->cancelled) {
      run_handle<traced>(*node);
    } else if constexpr (traced) {
      emit(trace::Dropped{node->id});
    }
    node->release();
  }
  if constexpr (traced) emit(trace::TurnEnd{count});
}

template <bool traced>
void EventLoop::run_handle(detail::HandleNode& node) {
  if constexpr (traced) {
    running_handle_ = node.id;
    emit(trace::RunBegin{node.id, node.task ? node.task->id() : 0});
  }
  if (debug_) [[unlikely]] {
    run_watched<traced>(node);
  } else {
    run_callback<traced>(node);
  }
  if constexpr (traced) running_handle_ = 0;
}

template <bool traced>
void EventLoop::run_watched(detail::HandleNode& node) {
  const Instant begin = time();
  run_callback<traced>(node);
  const Duration took = time() - begin;
  if (took < slow_callback_duration) return;
  const std::string what =
      node.task ? "task " + node.task->name() : "handle " + std::to_string(node.id);
  detail::log(this, LogLevel::warning,
              "Executing " + what + " took " + seconds_text(took) + " seconds");
}

template <bool traced>
void EventLoop::run_callback(detail::HandleNode& node) {
  // The step node of a task gets a new number when the task waits for its next turn.
  const HandleId id = node.id;
  try {
    node.run();
  } catch (...) {
    return report_raised(node, id);
  }
  if constexpr (traced) emit(trace::RunEnd{id, false, {}});
}

// Within the handler of what it raised.
void EventLoop::report_raised(detail::HandleNode& node, HandleId id) {
  const std::exception_ptr error = std::current_exception();
  const Handle handle{detail::Ref(&node)};
  call_exception_handler({"Exception in callback", error, handle, "handle " + std::to_string(id)});
  if (tracer()) {
    const std::string text = describe(error);
    emit(trace::RunEnd{id, true, text});
  }
}

void EventLoop::throw_deadlock() const {
  std::string who;
  for (const detail::TaskCore* task = oldest_task_; task; task = task->newer)
    who += (who.empty() ? "; " : ", ") + task->waiting_text();
  throw DeadlockError("the event loop would wait for ever: nothing is ready and no timer is set" +
                      who);
}

// -- Runs ---------------------------------------------------------------------------------------------------------------

void EventLoop::begin_run() {
  check_can_run();
  running_ = true;
  thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  if (tracer()) emit(trace::LoopStart{});
}

void EventLoop::end_run() noexcept {
  running_ = false;
  stopping_ = false;
  thread_.store({}, std::memory_order_relaxed);
  if (tracer()) emit(trace::LoopStop{ready_.size(), timers_.size()});
}

void EventLoop::run_forever() {
  begin_run();
  const detail::Running running(*this);
  try {
    do {
      run_once(kAsLongAsNeeded);
    } while (!stopping_);
  } catch (...) {
    end_run();
    throw;
  }
  end_run();
}

void EventLoop::run_until_done(detail::FutureBase& future) {
  check_can_run();
  future.check_belongs_to(this);
  const detail::Ref keep(&future);
  // asyncio: _run_until_complete_cb
  auto node = detail::make_callback("done_callback", [this] { stop(); }, std::source_location{});
  future.add_callback(detail::Ref<detail::HandleNode>(node).detach());
  try {
    run_forever();
  } catch (...) {
    future.remove_callback(node.get());
    throw;
  }
  future.remove_callback(node.get());
  if (!future.done()) throw RuntimeError("Event loop stopped before Future completed.");
}

void EventLoop::stop() { stopping_ = true; }

// -- Errors -------------------------------------------------------------------------------------------------------------

void EventLoop::call_exception_handler(const ExceptionContext& context) {
  if (!exception_handler_) return default_exception_handler(context);
  try {
    exception_handler_(*this, context);
  } catch (...) {
    default_exception_handler(
        {"Unhandled error in exception handler", std::current_exception(), {}, {}});
  }
}

void EventLoop::default_exception_handler(const ExceptionContext& context) {
  std::string text =
      context.message.empty() ? "Unhandled exception in event loop" : context.message;
  if (!context.object.empty()) text += "\n" + context.object;
  if (context.exception) text += "\n" + describe(context.exception);
  detail::log(this, LogLevel::error, text);
}

// -- Trace --------------------------------------------------------------------------------------------------------------

trace::Cause EventLoop::cause_now() const noexcept {
  if (current_task_) return {trace::Cause::Kind::task, current_task_->id()};
  if (running_handle_ != 0) return {trace::Cause::Kind::handle, running_handle_};
  return {};
}

}  // namespace asyncio
