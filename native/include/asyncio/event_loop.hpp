// The loop.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <asyncio/context.hpp>
#include <asyncio/detail/attention.hpp>
#include <asyncio/detail/ids.hpp>
#include <asyncio/detail/inbox.hpp>
#include <asyncio/detail/loop_parts.hpp>
#include <asyncio/errors.hpp>
#include <asyncio/handle.hpp>
#include <asyncio/poller.hpp>
#include <asyncio/time.hpp>
#include <asyncio/trace.hpp>

namespace asyncio {

template <class T>
class Future;
template <class T>
class Coro;
template <class T>
class Task;
class AbstractEventLoop;
class Executor;
class ThreadPoolExecutor;

namespace detail {
class CallInThread;
class IoWatch;
class Resource;
class SignalWatch;
template <class R>
inline constexpr bool is_coroutine = false;
template <class T>
inline constexpr bool is_coroutine<Coro<T>> = true;
// What a callback gives is thrown away; a coroutine would never run.
template <class F>
concept Callback = std::invocable<F> && !is_coroutine<std::invoke_result_t<F>>;
}  // namespace detail

struct TaskOptions;
// asyncio: the callable given to set_task_factory()
using TaskFactory = std::function<void(EventLoop& loop, TaskOptions& options)>;

// What went wrong where nobody can catch it. asyncio: the `context` dict of call_exception_handler
struct ExceptionContext {
  std::string message;
  std::exception_ptr exception;  // may be null
  Handle handle;                 // the callback that raised, if one did
  std::string object;            // the future or task it is about, as text
  // That of the task it is about. asyncio: get_context() of context["task"]
  std::optional<Context> context = std::nullopt;
};

// asyncio's event loop: a ready queue, a timer heap, and turns that run exactly the handles present
// when they begin.
//
// One thread: everything here is called on the loop's own thread, except call_soon_threadsafe(). In
// debug mode a call from another one while the loop runs throws RuntimeError "Non-thread-safe
// operation invoked on an event loop other than the current one".
// Calls on a closed loop throw RuntimeError "Event loop is closed". A callback that throws goes to
// the exception handler and the loop goes on. A coroutine as a callback does not compile (asyncio:
// TypeError in debug mode).
//
// A loop of another kind derives from AbstractEventLoop, and is an EventLoop to everybody else.
// asyncio: BaseEventLoop
class EventLoop {
 public:
  // What a loop waits with and tells time by.
  struct Backend {
    std::shared_ptr<Clock> clock;
    std::shared_ptr<Poller> poller;
  };
  using ExceptionHandler = std::function<void(EventLoop&, const ExceptionContext&)>;

  // Made by hand; new_event_loop() makes the one the environment asks for.
  explicit EventLoop(Backend backend, Tracer* tracer = nullptr);
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  // Closes it, and destroys the frames of the tasks that never finished: "Task was destroyed but it
  // is pending!". In debug mode one that nobody closed is warned about.
  virtual ~EventLoop();

  // -- Scheduling ---------------------------------------------------------------------------------------------------
  // `callback` is called once, with no arguments, in the next turn, after everything scheduled
  // before it.
  // Differs from asyncio: no *args, C++ has lambdas.
  // asyncio: BaseEventLoop.call_soon
  template <detail::Callback F>
  Handle call_soon(F&& callback, std::source_location loc = std::source_location::current()) {
    if (attention_.any()) [[unlikely]]
      return call_soon_with_care(std::forward<F>(callback), loc);
    // The number first: the compiler then writes each field of the handle once.
    const HandleId id = detail::id_source.handle();
    detail::Ref node = detail::make_callback("callback", std::forward<F>(callback), loc);
    node->loop = this;
    node->id = id;
    enqueue(detail::Ref(node).detach());
    node->copy_context();
    return Handle(std::move(node));
  }
  // The same from any thread; wakes the loop.
  // Differs from asyncio: returns nothing, for a Handle of another thread's could not be cancelled safely.
  template <detail::Callback F>
  void call_soon_threadsafe(F&& callback,
                            std::source_location loc = std::source_location::current()) {
    detail::Ref node = detail::make_callback<detail::PooledForOthers>(
        "threadsafe", std::forward<F>(callback), loc);
    node->copy_context();
    schedule_threadsafe(std::move(node));
  }
  // Called once, in the first turn that begins when `delay` is over; a negative delay is now. Equal
  // deadlines run in the order they were made. asyncio: BaseEventLoop.call_later
  template <detail::Callback F>
  TimerHandle call_later(Duration delay, F&& callback,
                         std::source_location loc = std::source_location::current()) {
    return call_at(after(delay), std::forward<F>(callback), loc);
  }
  // asyncio: BaseEventLoop.call_at
  template <detail::Callback F>
  TimerHandle call_at(Instant when, F&& callback,
                      std::source_location loc = std::source_location::current()) {
    detail::Ref node =
        schedule_at(when, detail::make_callback("timer", std::forward<F>(callback), loc));
    node->copy_context();
    return TimerHandle(std::move(node));
  }
  Instant time() const { return backend_.clock->now(); }
  // time() + delay, or the last Instant there is: a delay may be Duration::max().
  Instant after(Duration delay) const;

  // -- Tasks and futures (defined in task.hpp and future.hpp) ---------------------------------------------------------
  // Runs `coro` as a task of its own; its first step is in the next turn. asyncio:
  // BaseEventLoop.create_task
  template <class T>
  Task<T> create_task(Coro<T> coro, std::string name = {},
                      std::source_location loc = std::source_location::current());
  template <class T = void>
  Future<T> create_future(std::source_location loc = std::source_location::current());

  // -- Async generators (see async_generator.hpp) -----------------------------------------------------------------------
  // Closes those that were begun and are not done, all at once. What they throw goes to the
  // exception handler. One that is begun later is warned about. run() does it at its end.
  // asyncio: BaseEventLoop.shutdown_asyncgens
  Coro<void> shutdown_asyncgens();

  // -- Threads (defined in executor.hpp) ------------------------------------------------------------------------------
  // Calls `func` in a thread of `executor`; null: the default one, a ThreadPoolExecutor that is
  // made when it is first needed. The future is done in the turn in which the loop hears of the
  // end, and has what `func` returned or threw. Cancelling it keeps a call from beginning, but
  // stops none. Throws RuntimeError "Executor shutdown has been called", and in WebAssembly that
  // there are no threads.
  // asyncio: BaseEventLoop.run_in_executor
  template <class F>
  auto run_in_executor(Executor* executor, F&& func);
  // asyncio: BaseEventLoop.set_default_executor
  void set_default_executor(std::shared_ptr<ThreadPoolExecutor> executor);
  // Waits, in a thread of its own, for what the default executor still runs; from then on
  // run_in_executor() refuses. After `timeout` it warns and waits no longer.
  // asyncio: BaseEventLoop.shutdown_default_executor
  Coro<void> shutdown_default_executor(std::optional<Duration> timeout = std::nullopt);

  // -- File descriptors and signals -----------------------------------------------------------------------------------
  // `callback` is called in every turn in which `fd` is readable (an error or a hang-up counts),
  // until remove_reader(). One for each descriptor: a further one takes the place of the first.
  // Throws std::system_error where it cannot be waited for, as in a browser. Under the virtual
  // clock time passes only while none is ready. The descriptor stays the caller's: remove it before
  // closing it.
  // asyncio: BaseSelectorEventLoop.add_reader
  template <detail::Callback F>
  void add_reader(int fd, F&& callback,
                  std::source_location loc = std::source_location::current()) {
    watch_fd(fd, Interest::read, detail::make_callback("io_ready", std::forward<F>(callback), loc));
  }
  // The same when it is writable.
  template <detail::Callback F>
  void add_writer(int fd, F&& callback,
                  std::source_location loc = std::source_location::current()) {
    watch_fd(fd, Interest::write,
             detail::make_callback("io_ready", std::forward<F>(callback), loc));
  }
  // Whether there was one. asyncio: BaseSelectorEventLoop.remove_reader
  bool remove_reader(int fd) { return unwatch_fd(fd, Interest::read); }
  bool remove_writer(int fd) { return unwatch_fd(fd, Interest::write); }
  // `callback` is called in the turn after `signal` came (once, if it came several times before
  // that); it may do anything, for it is no signal handler. Throws ValueError "invalid signal
  // number 0", RuntimeError "sig 9 cannot be caught", or that another loop has it.
  // asyncio: _UnixSelectorEventLoop.add_signal_handler
  template <detail::Callback F>
  void add_signal_handler(int signal, F&& callback,
                          std::source_location loc = std::source_location::current()) {
    watch_signal(signal, detail::make_callback("signal", std::forward<F>(callback), loc));
  }
  // What the signal did before comes back. Whether there was one.
  bool remove_signal_handler(int signal);

  // -- In a context of one's own (see context.hpp) --------------------------------------------------------------------
  // As those above, but it runs in `context` itself and not in a copy of the current one.
  template <detail::Callback F>
  Handle call_soon(F&& callback, const Context& context,
                   std::source_location loc = std::source_location::current()) {
    Handle handle = call_soon(std::forward<F>(callback), loc);
    detail::set_context(*handle.node_, context);
    return handle;
  }
  template <detail::Callback F>
  TimerHandle call_later(Duration delay, F&& callback, const Context& context,
                         std::source_location loc = std::source_location::current()) {
    return call_at(after(delay), std::forward<F>(callback), context, loc);
  }
  template <detail::Callback F>
  TimerHandle call_at(Instant when, F&& callback, const Context& context,
                      std::source_location loc = std::source_location::current()) {
    TimerHandle handle = call_at(when, std::forward<F>(callback), loc);
    detail::set_context(*handle.node_, context);
    return handle;
  }
  template <class T>
  Task<T> create_task(Coro<T> coro, std::string name, const Context& context,
                      std::source_location loc = std::source_location::current());

  // -- Task factories (see task_factory.hpp) --------------------------------------------------------------------------
  // Asked how to make each task that create_task() makes; an empty one changes nothing.
  // asyncio: BaseEventLoop.set_task_factory
  void set_task_factory(TaskFactory factory);
  TaskFactory get_task_factory() const;

  // -- Running --------------------------------------------------------------------------------------------------------
  // Turns until stop(). asyncio: BaseEventLoop.run_forever
  void run_forever();
  // Turns until `future` (a Coro, Task or Future) is done; its result, or throws its exception.
  // Throws RuntimeError "Event loop stopped before Future completed." if stop() comes first.
  // asyncio: BaseEventLoop.run_until_complete
  template <class T>
  T run_until_complete(Future<T> future);
  template <class T>
  T run_until_complete(Coro<T> coro, std::source_location loc = std::source_location::current());
  // run_forever() returns at the end of this turn; what this turn schedules waits for the next run.
  void stop();
  // Drops what is scheduled. Throws RuntimeError on a running loop; closing twice does nothing.
  // asyncio: BaseEventLoop.close
  void close();
  bool is_running() const noexcept { return running_; }
  bool is_closed() const noexcept { return attention_.has(detail::Attention::closed); }

  // -- Driven by a host that has an event loop of its own (a browser) -----------------------------------------------------
  // How long the loop may wait before the next turn: zero if something is ready, nullopt if only
  // another thread or the host can bring something.
  std::optional<Duration> next_timeout() const;
  // One turn: waits at most `wait` (nullopt: as long as next_timeout() says), moves due timers to
  // the ready queue, runs what was there by then. asyncio: BaseEventLoop._run_once
  void turn(std::optional<Duration> wait = std::nullopt);

  // -- Debugging --------------------------------------------------------------------------------------------------------
  bool get_debug() const noexcept { return attention_.has(detail::Attention::debug); }
  void set_debug(bool enabled) noexcept { attention_.set(detail::Attention::debug, enabled); }
  // In debug mode a callback that takes longer is warned about. asyncio:
  // loop.slow_callback_duration
  Duration slow_callback_duration = std::chrono::milliseconds(100);
  // An empty handler means default_exception_handler(). It is called in the context of what failed:
  // the task's, or that of the callback.
  void set_exception_handler(ExceptionHandler handler) { exception_handler_ = std::move(handler); }
  const ExceptionHandler& get_exception_handler() const noexcept { return exception_handler_; }
  void call_exception_handler(const ExceptionContext& context);
  // Logs the message and the exception, as asyncio's logger would.
  void default_exception_handler(const ExceptionContext& context);

  // Turns so far.
  std::uint64_t turns() const noexcept { return turn_; }
  // The number by which the trace tells loops apart, from 1.
  unsigned id() const noexcept { return id_; }
  std::string_view backend_name() const noexcept;
  // "<EventLoop running=False closed=False debug=True>", for messages. asyncio:
  // BaseEventLoop.__repr__
  std::string text() const;
  Tracer* tracer() const noexcept {
#ifdef LOOPSCOPE_UNTRACEABLE  // native/bench: the core without any of its checks for a tracer
    return nullptr;
#else
    return tracer_;
#endif
  }

 private:
  friend class AbstractEventLoop;
  friend class Handle;
  friend class detail::CallInThread;
  friend class detail::FutureBase;
  friend class detail::TaskCore;
  friend class detail::HandleNode;
  friend class detail::Inbox;
  friend class detail::SignalWatch;
  friend struct detail::LoopAccess;

  // Takes over the caller's reference. What is not as usual (closed, debug mode, a loop of another
  // kind, something from another thread that comes first, a tracer) is one test for all.
  void schedule(detail::HandleNode* node, trace::Cause cause = {}) {
    if (attention_.any()) [[unlikely]]
      return schedule_with_care(node, cause);
    number(node);
    enqueue(node);
  }
  template <class F>
  [[gnu::noinline]] Handle call_soon_with_care(F&& callback, const std::source_location& loc) {
    detail::Ref node = detail::make_callback("callback", std::forward<F>(callback), loc);
    schedule(detail::Ref(node).detach());
    node->copy_context();
    return Handle(std::move(node));
  }
  void put(detail::HandleNode* node, trace::Cause cause);
  void number(detail::HandleNode* node) noexcept {
    node->loop = this;
    node->id = detail::id_source.handle();
  }
  void schedule_with_care(detail::HandleNode* node, trace::Cause cause);
  detail::Ref<detail::HandleNode> schedule_at(Instant when, detail::Ref<detail::HandleNode> node);
  void schedule_threadsafe(detail::Ref<detail::HandleNode> node);
  void enqueue(detail::HandleNode* node) noexcept {
    node->place = detail::HandleNode::Place::ready;
    ready_.push(node);
  }
  void watch_fd(int fd, Interest interest, detail::Ref<detail::HandleNode> node);
  bool unwatch_fd(int fd, Interest interest);
  void watch_signal(int signal, detail::Ref<detail::HandleNode> node);
  void accept_ready_fds();
  void accept_signals();
  void note_scheduled(const detail::HandleNode& node, trace::Cause cause) const;
  // For loops of another kind.
  void run_one_handle(detail::HandleNode& node);
  template <bool traced>
  [[gnu::always_inline]] inline void run_handle(detail::HandleNode& node);
  template <bool traced>
  [[gnu::always_inline]] inline void run_callback(detail::HandleNode& node);
  template <bool traced>
  [[gnu::noinline, gnu::cold]] void run_in_context(detail::HandleNode& node, HandleId id);
  template <bool traced>
  [[gnu::noinline, gnu::cold]] void run_watched(detail::HandleNode& node);
  void report_raised(detail::HandleNode& node, HandleId id);
  bool finish_step(detail::HandleNode& node);
  void use_default_handler(const ExceptionContext& context);
  void run_once(const std::optional<Duration>& wait);
  bool has_work() const noexcept {
    return !ready_.empty() || stopping_ || attention_.has(detail::Attention::outside);
  }
  // A turn would wait for nothing and look for nothing, only run handles: so it is in a busy loop.
  bool only_handles_are_ready() const noexcept {
    return !attention_.any() && !ready_.empty() && timers_.empty() && backend_.poller->quiet();
  }
  void wait_at_most(const std::optional<Duration>& timeout);
  template <bool traced>
  [[gnu::always_inline]] inline void run_ready();
  void drop_cancelled_timers();
  void move_due_timers();
  void accept_outside();
  void mark_closed();
  void abandon_all();
  void abandon_tasks();
  void timer_cancelled(const detail::HandleNode& node);
  void check_closed() const;
  void check_can_run() const;
  void check_thread() const;
  [[noreturn]] void throw_deadlock() const;
  void run_until_done(detail::FutureBase& future);
  void begin_run();
  void end_run() noexcept;

  // Out of line, and the event in registers: what is not traced pays for a branch, not for a frame.
  template <class Event>
  [[gnu::noinline, gnu::cold]] void emit(Event event) const {
    tracer_->on({time(), id_, turn_, event});
  }
  trace::Cause cause_now() const noexcept;

  // What call_soon_threadsafe() reads in other threads, apart from what the loop writes all the
  // time.
  Backend backend_;
  Tracer* tracer_;
  detail::Attention attention_;
  unsigned id_;
  std::shared_ptr<detail::Inbox> inbox_;
  AbstractEventLoop* foreign_ = nullptr;  // a loop of another kind: this one
  alignas(64) detail::HandleQueue ready_;
  detail::TimerHeap timers_;
  detail::TaskCore* tasks_ = nullptr;  // those not done, newest first
  detail::TaskCore* oldest_task_ = nullptr;
  detail::TaskCore* current_task_ = nullptr;
  detail::Abandonable* combinators_ = nullptr;
  detail::Abandonable* generators_ = nullptr;  // begun, newest first; asyncio: _asyncgens
  detail::Ref<detail::LoopAnchor> anchor_;
  HandleId running_handle_ = 0;
  std::uint64_t turn_ = 0;
  std::atomic<std::thread::id> thread_{};  // whose run this is; none between runs
  bool running_ = false;
  bool stopping_ = false;
  bool turns_by_itself_ = false;  // within run_forever(); otherwise a host gives it turns
  bool asyncgens_shutdown_called_ = false;
  bool ending_ = false;  // the destructor runs
  bool executor_shutdown_called_ = false;
  std::vector<Ready> io_;
  std::unique_ptr<detail::IoWatch> io_watch_;
  std::unique_ptr<detail::SignalWatch> signal_watch_;
  std::shared_ptr<ThreadPoolExecutor> default_executor_;
  std::unique_ptr<detail::Resource> calls_in_threads_;  // for the trace
  std::int64_t calls_out_ = 0;
  ExceptionHandler exception_handler_;
  std::unique_ptr<TaskFactory> task_factory_;  // null: none
};

// The loop running in this thread; throws RuntimeError "no running event loop". asyncio:
// get_running_loop
EventLoop& get_running_loop();
// The same, or null. asyncio: _get_running_loop
EventLoop* running_loop() noexcept;

// The loop that the policy makes (<asyncio/policy.hpp>). By default one as the environment asks for
// it: LOOPSCOPE_CLOCK (real, virtual), LOOPSCOPE_LOOP (a name that `loopscope loops` lists), traced
// when LOOPSCOPE_TRACE is set. asyncio: new_event_loop
std::unique_ptr<EventLoop> new_event_loop();
// One that waits in a certain way: "select", "poll", "epoll", "virtual"; "" is the environment's.
// Throws std::invalid_argument that lists the names there are. asyncio:
// SelectorEventLoop(selectors.PollSelector())
std::unique_ptr<EventLoop> new_event_loop(std::string_view backend);
// One on a poller and a clock of your own, traced like the others. Its clock should tell the time
// of the process, or the trace mixes two times.
std::unique_ptr<EventLoop> new_event_loop(EventLoop::Backend backend);
// What new_event_loop(backend) waits with.
EventLoop::Backend new_backend(std::string_view backend = {});

// This thread's current loop, through the policy: what get_event_loop() returns where none runs.
// Null unsets it; the loop is not owned. asyncio: set_event_loop
void set_event_loop(EventLoop* loop);
// The running loop, else the policy's current one; throws RuntimeError where there is none, as
// Python 3.14 does. asyncio: get_event_loop
EventLoop& get_event_loop();

}  // namespace asyncio
