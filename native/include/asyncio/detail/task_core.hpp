// A task without its value: the coroutine it steps, what it waits for, its cancellation.
#pragma once

#include <coroutine>

#include <asyncio/detail/future_base.hpp>

namespace asyncio {
class CancelScope;
struct TaskOptions;
}  // namespace asyncio

namespace asyncio::detail {

class PromiseBase;
class Call;
struct ContextRef;

// The handle by which a task gets its turns. One for all of them: a task is never scheduled twice
// at once.
class StepNode final : public HandleNode {
 public:
  explicit StepNode(TaskCore& stepped) noexcept : HandleNode("task_step", &stepped) {
    copy_context();
  }
  StepNode(const StepNode&) = delete;
  StepNode& operator=(const StepNode&) = delete;
  ~StepNode() {
    if (context) [[unlikely]]
      drop_context();
  }
  void run() override;
  void discard() noexcept override {}
  FutureBase* awaiter(std::size_t index) noexcept override;

 private:
  void dispose() noexcept override;  // the last reference from a queue is gone: lets go of the task
};

// Steps a coroutine. A step resumes the innermost suspended coroutine and goes on, coroutine after
// coroutine, until one waits for a future (or for its next turn) or the outermost returns.
//
// No coroutine resumes another: an await stores the next one in `next_`, and step() loops while
// there is one. Symmetric transfer would say the same, and overflow the stack where the compiler
// does not make it a tail call (-O0, WebAssembly).
// asyncio: Task
class TaskCore {
 public:
  TaskCore(EventLoop& loop, FutureBase& future, std::string&& name) noexcept;
  TaskCore(const TaskCore&) = delete;
  TaskCore& operator=(const TaskCore&) = delete;

  TaskId id() const noexcept { return future_.id(); }
  std::string name() const;
  void set_name(std::string name) {
    name_ = std::move(name);
    number_ = 0;
  }
  FutureBase& future() noexcept { return future_; }
  bool cancel_task(const std::string& message);
  unsigned cancelling() const noexcept { return cancel_requests_; }
  unsigned uncancel() noexcept;
  // Of the last request that was not passed on to what it waits for: it stays when it was refused.
  // asyncio: Task._cancel_message
  std::string own_cancel_message() const { return cancel_message_.get(); }
  // The coroutine frames, outermost first, as the trace shows them.
  std::vector<trace::Place> stack() const;
  std::string_view coro_name() const noexcept;
  // What it runs in, made if there is none yet.
  Context context();
  // Between its steps: what it runs in, or null. asyncio: Task._context
  ContextRef context_or_none() const noexcept;
  // "Task-2 waits for future 3", for messages.
  std::string waiting_text() const;

  // For awaiters: the coroutine of `leaf` waits until `future` is done.
  void park(const PromiseBase& leaf, FutureBase& future);
  // For awaiters: the coroutine of `leaf` waits for its next turn.
  void yield(const PromiseBase& leaf) noexcept {
    leaf_ = &leaf;
    next_ = nullptr;
    parked_ = true;
  }
  // For awaiters: `coroutine` runs next, within this step.
  void run_next(std::coroutine_handle<> coroutine) noexcept { next_ = coroutine; }
  // For awaiters, on resuming: throws CancelledError if the task was cancelled while it waited for
  // `awaited`, or what was wrong with the await.
  void throw_if_cancelled(FutureBase* awaited = nullptr) {
    if (must_cancel_) throw_cancelled(awaited);
  }

  // Within its step: a CancelledError that came out of an await is thrown again at the next one,
  // for what was awaited had happened before, and must not be lost.
  void cancel_again(std::string message) {
    must_cancel_ = true;
    cancel_message_ = std::move(message);
  }

  TaskCore* older = nullptr;  // the loop's list of unfinished tasks
  TaskCore* newer = nullptr;
  CancelScope* scope = nullptr;  // the innermost that it is in

 protected:
  ~TaskCore();
  // Once, right after construction: `root` is the outermost coroutine; schedules the first step.
  void start(PromiseBase& root, Call& call, const std::source_location& loc) {
    begin(root, call, loc);
    schedule_step("task_step", {});
  }
  // The same with what is asked of it; an eager one makes its first step now.
  void start(PromiseBase& root, Call& call, const TaskOptions& options,
             const std::source_location& loc);
  void set_cancelled_task();
  // The coroutine threw: CancelledError cancels the task, anything else is its exception.
  void fail(const std::exception_ptr& exception);
  // "<Task pending name='Task-1' coro=<f()>>"
  std::string task_text() const;
  void note_task_done();

  // The outermost coroutine returned or threw: the value goes to the future.
  virtual void complete() = 0;
  virtual void destroy_frame() noexcept = 0;
  virtual std::optional<std::string> result_text() const = 0;

  bool must_cancel_ = false;
  RareText cancel_message_;

 private:
  friend class asyncio::EventLoop;
  friend class StepNode;
  void begin(PromiseBase& root, Call& call, const std::source_location& loc);
  void step();
  void resume_all();
  // Within the handler of what step() threw: true where the step could be made all the same.
  bool finish_step();
  void after_step(EventLoop& loop);
  void refuse_await(std::string why);
  void fail_cancelled(const std::string& message);
  bool begin_cancel(const std::string& message);
  void cancel_at_next_step(const std::string& message);
  bool pass_on_cancel(const std::string& message);
  void leave_circle(const std::string& message);
  void schedule_step(const char* label, trace::Cause cause);
  Ref<HandleNode> hold_step_node() noexcept;
  void note_suspended(const EventLoop& loop) const;
  [[noreturn]] void throw_cancelled(FutureBase* awaited);
  std::string thrown_at_resume() const;
  void unlink() noexcept;
  // The loop goes away: the frames go, the future stays pending for ever.
  void abandon() noexcept;

  FutureBase& future_;
  StepNode step_node_;
  std::coroutine_handle<> next_;       // the trampoline
  const PromiseBase* leaf_ = nullptr;  // the innermost suspended coroutine
  const char* function_ = "";          // of the outermost coroutine, as the compiler spells it
  Ref<FutureBase> waiter_;             // what it waits for. asyncio: _fut_waiter
  RareText name_;
  TaskCore* passed_on_by_ = nullptr;  // whose cancellation it passes on
  std::uint64_t number_;              // of "Task-<number>"; 0: it was given a name
  unsigned cancel_requests_ = 0;
  unsigned cancelled_in_pass_ = 0;  // the number of the last cancellation that came by
  bool parked_ = false;
  bool refused_await_ = false;  // what must_cancel_ brings is a RuntimeError
  bool passing_on_cancel_ = false;
  bool linked_ = false;
  bool started_ = false;
};

// What the exception handler runs in when it is told of `future`: a task's context, between its
// steps; none for what is no task.
std::optional<Context> context_of(FutureBase& future);

}  // namespace asyncio::detail
