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

#include <asyncio/detail/ids.hpp>
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

// What went wrong where nobody can catch it. asyncio: the `context` dict of call_exception_handler
struct ExceptionContext {
  std::string message;
  std::exception_ptr exception;  // may be null
  Handle handle;                 // the callback that raised, if one did
  std::string object;            // the future or task it is about, as text
};

// asyncio's event loop: a ready queue, a timer heap, and turns that run exactly the handles present
// when they begin.
//
// One thread: everything here is called on the loop's own thread, except call_soon_threadsafe().
// Calls on a closed loop throw RuntimeError "Event loop is closed". A callback that throws goes to
// the exception handler and the loop goes on.
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
  // Closes it, and destroys the frames of the tasks that never finished.
  ~EventLoop();

  // -- Scheduling ---------------------------------------------------------------------------------------------------
  // `callback` is called once, with no arguments, in the next turn, after everything scheduled
  // before it.
  // Differs from asyncio: no *args, C++ has lambdas.
  // asyncio: BaseEventLoop.call_soon
  template <std::invocable F>
  Handle call_soon(F&& callback, std::source_location loc = std::source_location::current()) {
    if (is_closed() || debug_ || !inbox_.empty()) [[unlikely]] {
      check_callable_here("call_soon");
      accept_foreign();
    }
    detail::Ref node = detail::make_callback("callback", std::forward<F>(callback), loc);
    put(detail::Ref(node).detach(), {});
    return Handle(std::move(node));
  }
  // The same from any thread; wakes the loop.
  // Differs from asyncio: returns nothing, for a Handle of another thread's could not be cancelled safely.
  template <std::invocable F>
  void call_soon_threadsafe(F&& callback,
                            std::source_location loc = std::source_location::current()) {
    schedule_threadsafe(detail::make_callback("threadsafe", std::forward<F>(callback), loc));
  }
  // Called once, in the first turn that begins when `delay` is over; a negative delay is now. Equal
  // deadlines run in the order they were made. asyncio: BaseEventLoop.call_later
  template <std::invocable F>
  TimerHandle call_later(Duration delay, F&& callback,
                         std::source_location loc = std::source_location::current()) {
    return call_at(after(delay), std::forward<F>(callback), loc);
  }
  // asyncio: BaseEventLoop.call_at
  template <std::invocable F>
  TimerHandle call_at(Instant when, F&& callback,
                      std::source_location loc = std::source_location::current()) {
    check_callable_here("call_at");
    return TimerHandle(
        schedule_at(when, detail::make_callback("timer", std::forward<F>(callback), loc)));
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
  bool is_closed() const noexcept { return closed_.load(std::memory_order_relaxed); }

  // -- Driven by a host that has an event loop of its own (a browser) -----------------------------------------------------
  // How long the loop may wait before the next turn: zero if something is ready, nullopt if only
  // another thread or the host can bring something.
  std::optional<Duration> next_timeout() const;
  // One turn: waits at most `wait` (nullopt: as long as next_timeout() says), moves due timers to
  // the ready queue, runs what was there by then. asyncio: BaseEventLoop._run_once
  void turn(std::optional<Duration> wait = std::nullopt);

  // -- Debugging --------------------------------------------------------------------------------------------------------
  bool get_debug() const noexcept { return debug_; }
  void set_debug(bool enabled) noexcept { debug_ = enabled; }
  // In debug mode a callback that takes longer is warned about. asyncio:
  // loop.slow_callback_duration
  Duration slow_callback_duration = std::chrono::milliseconds(100);
  // An empty handler means default_exception_handler().
  void set_exception_handler(ExceptionHandler handler) { exception_handler_ = std::move(handler); }
  const ExceptionHandler& get_exception_handler() const noexcept { return exception_handler_; }
  void call_exception_handler(const ExceptionContext& context);
  // Logs the message and the exception, as asyncio's logger would.
  void default_exception_handler(const ExceptionContext& context);

  // Turns so far.
  std::uint64_t turns() const noexcept { return turn_; }
  // The number by which the trace tells loops apart, from 1.
  unsigned id() const noexcept { return id_; }
  std::string_view backend_name() const noexcept { return backend_.poller->name(); }
  Tracer* tracer() const noexcept {
#ifdef LOOPSCOPE_UNTRACEABLE  // native/bench: the core without any of its checks for a tracer
    return nullptr;
#else
    return tracer_;
#endif
  }

 private:
  friend class detail::FutureBase;
  friend class detail::TaskCore;
  friend class detail::HandleNode;
  friend struct detail::LoopAccess;

  // Takes over the caller's reference.
  void schedule(detail::HandleNode* node, trace::Cause cause = {}) {
    if (is_closed() || !inbox_.empty()) [[unlikely]]
      before_scheduling(node);
    put(node, cause);
  }
  void put(detail::HandleNode* node, trace::Cause cause) {
    node->loop = this;
    node->id = detail::id_source.handle();
    if (tracer()) [[unlikely]]
      note_scheduled(*node, cause);
    enqueue(node);
  }
  void before_scheduling(detail::HandleNode* node);
  detail::Ref<detail::HandleNode> schedule_at(Instant when, detail::Ref<detail::HandleNode> node);
  void schedule_threadsafe(detail::Ref<detail::HandleNode> node);
  void enqueue(detail::HandleNode* node) noexcept {
    node->place = detail::HandleNode::Place::ready;
    ready_.push(node);
  }
  void note_scheduled(const detail::HandleNode& node, trace::Cause cause) const;
  template <bool traced>
  void run_handle(detail::HandleNode& node);
  template <bool traced>
  void run_callback(detail::HandleNode& node);
  template <bool traced>
  void run_watched(detail::HandleNode& node);
  void report_raised(detail::HandleNode& node, HandleId id);
  void run_once(const std::optional<Duration>& wait);
  bool has_work() const noexcept { return !ready_.empty() || stopping_ || !inbox_.empty(); }
  void wait_at_most(const std::optional<Duration>& timeout);
  template <bool traced>
  void run_ready();
  void drop_cancelled_timers();
  void move_due_timers();
  void accept_foreign();
  void abandon_all();
  void abandon_tasks();
  void timer_cancelled(const detail::HandleNode& node);
  void check_closed() const;
  void check_can_run() const;
  void check_callable_here(const char* what) const;
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

  Backend backend_;
  Tracer* tracer_;
  detail::HandleQueue ready_;
  detail::TimerHeap timers_;
  detail::Inbox inbox_;
  detail::TaskCore* tasks_ = nullptr;  // those not done, newest first
  detail::TaskCore* oldest_task_ = nullptr;
  detail::TaskCore* current_task_ = nullptr;
  detail::Abandonable* combinators_ = nullptr;
  detail::Abandonable* generators_ = nullptr;  // begun and not done, newest first
  detail::Ref<detail::LoopAnchor> anchor_;
  HandleId running_handle_ = 0;
  std::uint64_t turn_ = 0;
  unsigned id_;
  std::atomic<std::thread::id> thread_{};  // whose run this is; none between runs
  bool running_ = false;
  bool stopping_ = false;
  bool asyncgens_shutdown_called_ = false;
  std::atomic<bool> closed_ = false;  // call_soon_threadsafe() asks on any thread
  bool ending_ = false;               // the destructor runs
  bool debug_ = false;
  std::vector<Ready> io_;
  ExceptionHandler exception_handler_;
};

// The loop running in this thread; throws RuntimeError "no running event loop". asyncio:
// get_running_loop
EventLoop& get_running_loop();
// The same, or null. asyncio: _get_running_loop
EventLoop* running_loop() noexcept;

// A loop as the environment asks for it: LOOPSCOPE_CLOCK (real, virtual), LOOPSCOPE_LOOP (a name of
// available_backends()), traced when LOOPSCOPE_TRACE is set. asyncio: new_event_loop
std::unique_ptr<EventLoop> new_event_loop();

// This thread's current loop: what get_event_loop() returns where none runs. Null unsets it; the
// loop is not owned.
// asyncio: set_event_loop
void set_event_loop(EventLoop* loop) noexcept;
// The running loop, else the one set; throws RuntimeError where there is none, as Python 3.14 does.
// asyncio: get_event_loop
EventLoop& get_event_loop();

}  // namespace asyncio
