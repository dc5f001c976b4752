#include <algorithm>
#include <atomic>
#include <cstdio>

#include <asyncio/abstract_event_loop.hpp>
#include <asyncio/detail/resource.hpp>
#include <asyncio/detail/task_core.hpp>
#include <asyncio/executor.hpp>
#include <asyncio/log.hpp>
#include <asyncio/policy.hpp>

#include "core/file_name.hpp"
#include "core/io_watch.hpp"
#include "core/loop_access.hpp"
#include "core/signal_watch.hpp"

namespace asyncio {

namespace {

constexpr Duration kLongestWait = std::chrono::hours(24);  // asyncio: MAXIMUM_SELECT_TIMEOUT

// By reference, from here: a fresh optional costs a turn as much as all the rest of it.
constexpr std::optional<Duration> kAtOnce{Duration{0}};
constexpr std::optional<Duration> kAsLongAsNeeded{};

thread_local EventLoop* running_here = nullptr;

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

EventLoop& get_event_loop() {
  return running_here ? *running_here : get_event_loop_policy().get_event_loop();
}

EventLoop* detail::exchange_running_loop(EventLoop* loop) noexcept {
  return std::exchange(running_here, loop);
}
detail::Running::Running(EventLoop& loop) noexcept : previous_(exchange_running_loop(&loop)) {}
detail::Running::~Running() { exchange_running_loop(previous_); }

// -- Life ---------------------------------------------------------------------------------------------------------------

EventLoop::EventLoop(Backend backend, Tracer* tracer)
    : backend_(std::move(backend)),
      tracer_(tracer),
      id_(next_loop_id()),
      inbox_(std::make_shared<detail::Inbox>(*this)),
      anchor_(new detail::LoopAnchor{this}) {
  if (this->tracer()) attention_.set(detail::Attention::traced);
}

EventLoop::~EventLoop() {
  running_ = false;
  if (!is_closed() && get_debug())
    detail::log(this, LogLevel::warning, "unclosed event loop " + text());
  close();
  ending_ = true;
  abandon_tasks();
  inbox_->close();
  abandon_all();  // what the frames' destructors scheduled
  detail::forget_event_loop(*this);
  anchor_->loop = nullptr;
}

void EventLoop::close() {
  if (foreign_) return foreign_->close();
  if (running_) throw RuntimeError("Cannot close a running event loop");
  if (is_closed()) return;
  mark_closed();
  abandon_all();
  if (tracer()) emit(trace::LoopClose{});
}

void EventLoop::mark_closed() {
  attention_.set(detail::Attention::closed);
  io_watch_.reset();
  signal_watch_.reset();
  executor_shutdown_called_ = true;
  if (const auto executor = std::exchange(default_executor_, nullptr)) executor->shutdown(false);
}

std::string EventLoop::text() const {
  const auto word = [](bool value) { return value ? "True" : "False"; };
  return std::string("<EventLoop running=") + word(is_running()) + " closed=" + word(is_closed()) +
         " debug=" + word(get_debug()) + ">";
}

std::string_view EventLoop::backend_name() const noexcept {
  return backend_.poller ? backend_.poller->name() : "custom";
}

void EventLoop::abandon_all() {
  accept_outside();
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
    // asyncio: Task.__del__, when the garbage collector finds it
    call_exception_handler({"Task was destroyed but it is pending!", nullptr, Handle(),
                            keep->text(), context_of(*keep)});
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

void EventLoop::check_thread() const {
  const std::thread::id owner = thread_.load(std::memory_order_relaxed);
  if (owner != std::thread::id() && owner != std::this_thread::get_id())
    throw RuntimeError(
        "Non-thread-safe operation invoked on an event loop other than the current one");
}

// -- Scheduling ---------------------------------------------------------------------------------------------------------

void EventLoop::schedule_with_care(detail::HandleNode* taken, trace::Cause cause) {
  auto node = detail::Ref<detail::HandleNode>::adopt(taken);
  check_closed();
  if (get_debug()) check_thread();
  if (foreign_) return foreign_->schedule(std::move(node), cause);
  accept_outside();  // what was scheduled before, by another thread, runs before
  put(node.detach(), cause);
}

void EventLoop::put(detail::HandleNode* node, trace::Cause cause) {
  number(node);
  if (tracer()) [[unlikely]]
    note_scheduled(*node, cause);
  enqueue(node);
}

detail::Ref<detail::HandleNode> EventLoop::schedule_at(Instant when,
                                                       detail::Ref<detail::HandleNode> node) {
  if (attention_.any()) [[unlikely]] {
    check_closed();
    if (get_debug()) check_thread();
  }
  number(node.get());
  node->when = when;
  node->timer = true;
  node->place = detail::HandleNode::Place::timers;
  if (tracer()) [[unlikely]]
    note_scheduled(*node, {});
  if (foreign_) [[unlikely]] {
    foreign_->call_at(TimerHandle(node));
  } else {
    timers_.push(detail::Ref<detail::HandleNode>(node).detach());
  }
  return node;
}

void EventLoop::schedule_threadsafe(detail::Ref<detail::HandleNode> node) {
  check_closed();
  // Between runs no thread is the loop's own: it may be about to run in another one.
  if (foreign_) {
    node->loop = this;
    foreign_->call_soon_threadsafe(Handle(std::move(node)));
  } else if (running_here == this) {
    schedule(node.detach());
    backend_.poller->wake();
  } else {
    inbox_->post(std::move(node), running_here ? running_here->cause_now() : trace::Cause{});
  }
}

void EventLoop::accept_outside() {
  if (!attention_.has(detail::Attention::outside)) return;
  for (detail::HandleNode* node = inbox_->take(attention_); node;) {
    detail::HandleNode* const following = node->next;
    put(node, {node->sender, node->id});
    node = following;
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
  if (node.place == detail::HandleNode::Place::timers && !foreign_) timers_.note_cancelled();
}

std::string detail::HandleNode::text() const {
  std::string text = timer ? "<TimerHandle" : "<Handle";
  if (cancelled) text += " cancelled";
  text += " " + std::to_string(id);
  if (timer) text += " when=" + seconds_text(when.time_since_epoch());
  if (loc.line() != 0) {
    text += " created at " + std::string(bare_file_name(loc.file_name())) + ":" +
            std::to_string(loc.line());
  }
  return text + ">";
}

void Handle::run() const {
  if (!node_ || node_->cancelled || !node_->loop) return;
  const detail::Ref keep(node_);
  if (AbstractEventLoop* const loop = keep->loop->foreign_) loop->run(*keep);
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
  const Instant now = time(), when = timers_.top_when();
  if (when < now + backend_.clock->resolution()) return Duration{0};
  return std::min(Duration(when - now), kLongestWait);
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
  if (foreign_) throw NotImplementedError("turn()");
  if (running_here == this) throw RuntimeError("This event loop is already running");
  const detail::Running running(*this);
  run_once(wait);
}

void EventLoop::run_once(const std::optional<Duration>& wait) {
  check_closed();
  if (!timers_.empty()) drop_cancelled_timers();
  ++turn_;
  if (tracer() || !backend_.poller->quiet())
    backend_.poller->turn_begins(timers_.empty() ? Instant::max() : timers_.top_when());
  if (has_work()) {
    if (tracer() || !backend_.poller->quiet()) wait_at_most(kAtOnce);
  } else {
    const std::optional<Duration> timeout = next_timeout();
    wait_at_most(wait && (!timeout || *wait < *timeout) ? wait : timeout);
  }
  if (attention_.any()) [[unlikely]] {
    accept_signals();
    accept_outside();
  }
  if (!timers_.empty()) move_due_timers();  // else it need not know the time

  tracer() ? run_ready<true>() : run_ready<false>();
}

void EventLoop::wait_at_most(const std::optional<Duration>& timeout) {
  if (tracer()) [[unlikely]]
    emit(trace::TurnBegin{ready_.size(), timers_.size(), timeout});
  io_.clear();
  const bool posted = inbox_->may_sleep(true);
  try {
    backend_.poller->wait(posted ? kAtOnce : timeout, io_);
  } catch (const NothingToWaitFor&) {
    throw_deadlock();
  }
  // From here on the loop looks by itself; but between the turns that a host gives it, it sleeps.
  if (turns_by_itself_) inbox_->may_sleep(false);
  if (!io_.empty()) [[unlikely]]
    accept_ready_fds();
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
  if (get_debug()) [[unlikely]] {
    run_watched<traced>(node);
  } else {
    run_callback<traced>(node);
  }
  if constexpr (traced) running_handle_ = 0;
}

void EventLoop::run_one_handle(detail::HandleNode& node) {
  tracer() ? run_handle<true>(node) : run_handle<false>(node);
}

template <bool traced>
void EventLoop::run_watched(detail::HandleNode& node) {
  const Instant begin = time();
  const std::string handle = node.task ? std::string() : node.text();  // it may not outlive itself
  run_callback<traced>(node);
  const Duration took = time() - begin;
  if (took < slow_callback_duration) return;
  const std::string what = node.task ? node.task->future().text() : handle;
  detail::log(this, LogLevel::warning,
              "Executing " + what + " took " + seconds_text(took) + " seconds");
}

template <bool traced>
void EventLoop::run_callback(detail::HandleNode& node) {
  // The step node of a task gets a new number when the task waits for its next turn.
  const HandleId id = node.id;
  if (node.context || detail::current_context) [[unlikely]]
    return run_in_context<traced>(node, id);
  try {
    node.run();
  } catch (...) {
    if (detail::current_context) detail::settle_context(node);
    return report_raised(node, id);
  }
  if (detail::current_context) [[unlikely]]
    detail::settle_context(node);
  if constexpr (traced) emit(trace::RunEnd{id, false, {}});
}

template <bool traced>
void EventLoop::run_in_context(detail::HandleNode& node, HandleId id) {
  try {
    const detail::ContextScope scope(node);
    node.run();
  } catch (...) {
    return report_raised(node, id);
  }
  if constexpr (traced) emit(trace::RunEnd{id, false, {}});
}

// Within the handler of what it raised.
void EventLoop::report_raised(detail::HandleNode& node, HandleId id) {
  const bool finished = finish_step(node);
  current_task_ = nullptr;
  if (finished) {
    if (tracer()) emit(trace::RunEnd{id, false, {}});
    return;
  }
  const std::exception_ptr error = std::current_exception();
  const Handle handle{detail::Ref(&node)};
  call_exception_handler({"Exception in callback", error, handle, "handle: " + node.text()});
  if (tracer()) {
    const std::string text = describe(error);
    emit(trace::RunEnd{id, true, text});
  }
}

// Within the handler of what it raised: whether that was a task's step, which has now been made.
bool EventLoop::finish_step(detail::HandleNode& node) {
  if (!current_task_ || current_task_ != node.task) return false;
  try {
    const detail::ContextScope scope(node);
    return node.task->finish_step();
  } catch (...) {
    return false;
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
  if (std::exchange(turns_by_itself_, false)) inbox_->may_sleep(true);
  thread_.store({}, std::memory_order_relaxed);
  if (tracer()) emit(trace::LoopStop{ready_.size(), timers_.size()});
}

void EventLoop::run_forever() {
  if (foreign_) return foreign_->run_forever();
  begin_run();
  const detail::Running running(*this);
  turns_by_itself_ = true;
  inbox_->may_sleep(false);  // until it waits
  try {
    do {
      if (only_handles_are_ready()) {
        ++turn_;
        run_ready<false>();
      } else {
        run_once(kAsLongAsNeeded);
      }
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

void EventLoop::stop() {
  if (foreign_) return foreign_->stop();
  stopping_ = true;
}

// -- File descriptors and signals ---------------------------------------------------------------------------------------

void EventLoop::watch_fd(int fd, Interest interest, detail::Ref<detail::HandleNode> node) {
  check_closed();
  if (get_debug()) check_thread();
  if (foreign_) return foreign_->watch_fd(fd, interest, Handle(std::move(node)));
  if (!io_watch_) io_watch_ = std::make_unique<detail::IoWatch>(*backend_.poller);
  node->loop = this;
  node->copy_context();
  io_watch_->add(fd, interest, std::move(node));
}

bool EventLoop::unwatch_fd(int fd, Interest interest) {
  if (get_debug()) check_thread();
  if (foreign_) return foreign_->unwatch_fd(fd, interest);
  return io_watch_ && io_watch_->remove(fd, interest);
}

void EventLoop::accept_ready_fds() {
  for (const Ready& ready : io_) {
    for (const Interest one : {Interest::read, Interest::write}) {
      if (!includes(ready.interest, one)) continue;
      detail::Ref<detail::HandleNode> node = io_watch_->handler(ready.fd, one);
      if (node) put(node.detach(), {});
    }
  }
}

void EventLoop::watch_signal(int signal, detail::Ref<detail::HandleNode> node) {
  check_closed();
  if (foreign_) return foreign_->watch_signal(signal, Handle(std::move(node)));
  if (!signal_watch_) signal_watch_ = std::make_unique<detail::SignalWatch>(*this);
  node->loop = this;
  node->copy_context();
  signal_watch_->add(signal, std::move(node));
}

bool EventLoop::remove_signal_handler(int signal) {
  detail::check_signal(signal);
  if (foreign_) return foreign_->unwatch_signal(signal);
  return signal_watch_ && signal_watch_->remove(signal);
}

void EventLoop::accept_signals() {
  if (!attention_.has(detail::Attention::signals)) return;
  attention_.set(detail::Attention::signals, false);
  if (!signal_watch_) return;
  for (detail::Ref<detail::HandleNode>& node : signal_watch_->take()) put(node.detach(), {});
}

// -- Errors -------------------------------------------------------------------------------------------------------------

// asyncio: where even the default handler fails, there is one more layer.
void EventLoop::call_exception_handler(const ExceptionContext& context) {
  if (!exception_handler_) return use_default_handler(context);
  const auto handle = [&] { exception_handler_(*this, context); };
  try {
    if (context.context) {
      context.context->run(handle);
    } else if (const detail::HandleNode* const node = context.handle.node_.get()) {
      detail::context_or_empty(node->context).run(handle);
    } else {
      handle();
    }
  } catch (...) {
    use_default_handler({"Unhandled error in exception handler", std::current_exception(), {}, {}});
  }
}

void EventLoop::use_default_handler(const ExceptionContext& context) {
  try {
    foreign_ ? foreign_->default_exception_handler(context) : default_exception_handler(context);
  } catch (...) {
    detail::log(this, LogLevel::error,
                "Exception in default exception handler\n" + describe(std::current_exception()));
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
