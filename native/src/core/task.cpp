#include <algorithm>
#include <atomic>

#include <asyncio/log.hpp>
#include <asyncio/task.hpp>
#include <asyncio/task_options.hpp>

#include "core/loop_access.hpp"

namespace asyncio {
namespace detail {

namespace {

// asyncio: _task_name_counter
std::uint64_t next_task_number() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

TaskId next_task_id() noexcept { return id_source.task(); }

void StepNode::run() { task->step(); }
FutureBase* StepNode::awaiter(std::size_t index) noexcept {
  return index == 0 ? &task->future() : nullptr;
}
void StepNode::dispose() noexcept { task->future().release(); }

TaskCore::TaskCore(EventLoop& loop, FutureBase& future, std::string&& name) noexcept
    : future_(future),
      step_node_(*this),
      name_(std::move(name)),
      number_(name_.empty() ? next_task_number() : 0) {
  newer = nullptr;
  older = std::exchange(loop.tasks_, this);
  (older ? older->newer : loop.oldest_task_) = this;
  linked_ = true;
}

TaskCore::~TaskCore() {
  EventLoop* const loop = future_.loop_or_null();
  if (!future_.done() && linked_ && loop && !loop->ending_) {
    try {
      loop->call_exception_handler({"Task was destroyed but it is pending!", nullptr, Handle(),
                                    task_text(), context_or_empty(step_node_.context)});
    } catch (...) {  // no memory for the text
      log(loop, LogLevel::error, "Task was destroyed but it is pending!");
    }
  }
  unlink();
}

void TaskCore::unlink() noexcept {
  if (!std::exchange(linked_, false)) return;
  if (EventLoop* loop = future_.loop_or_null()) {
    if (loop->tasks_ == this) loop->tasks_ = older;
    if (loop->oldest_task_ == this) loop->oldest_task_ = newer;
  }
  if (older) older->newer = newer;
  if (newer) newer->older = older;
}

void TaskCore::abandon() noexcept {
  unlink();
  // What it waits for may be kept by itself: the gather or the shield of its own task.
  if (const Ref<FutureBase> waiter = std::exchange(waiter_, {}))
    waiter->remove_callback(&step_node_);
  // The innermost first, as each would do by itself when it is destroyed: but a frame that destroys
  // the next one within itself needs stack, and a million calls are more than there is.
  for (const PromiseBase* frame = std::exchange(leaf_, nullptr); frame;) {
    const PromiseBase* const caller = frame->caller();
    frame->drop();
    frame = caller;
  }
  destroy_frame();
}

void TaskCore::begin(PromiseBase& root, Call& call, const std::source_location& loc) {
  EventLoop& loop = future_.loop();
  leaf_ = &root;
  function_ = root.where().function_name();
  root.run_in(*this, call);
  if (loop.tracer()) [[unlikely]] {
    const TaskId parent = loop.current_task_ ? loop.current_task_->id() : 0;
    LoopAccess::emit(
        loop, trace::TaskCreated{id(), name(), coro_name(), parent, trace::Place{loc, true}});
  }
}

// asyncio: Task.__init__, Task.__eager_start
void TaskCore::start(PromiseBase& root, Call& call, const TaskOptions& options,
                     const std::source_location& loc) {
  if (options.context) set_context(step_node_, *options.context);
  begin(root, call, loc);
  if (!options.eager_start || !future_.loop().is_running()) return schedule_step("task_step", {});
  const Ref keep(&future_);
  const ContextScope scope(step_node_);
  // Another task makes this one, and goes on whatever the step throws.
  struct Maker {
    EventLoop& loop;
    TaskCore* task;
    ~Maker() { loop.current_task_ = task; }
  } const maker{future_.loop(), future_.loop().current_task_};
  try {
    step();
  } catch (...) {
    if (!finish_step()) throw;
  }
}

std::optional<Context> context_of(FutureBase& future) {
  const TaskCore* const task = future.task();
  if (!task) return std::nullopt;
  return context_or_empty(task->context_or_none().state);
}

Context TaskCore::context() {
  if (!step_node_.context) {
    const EventLoop* const loop = future_.loop_or_null();
    const bool runs = loop && loop->current_task_ == this;
    set_context(step_node_, runs ? Context(share_callback_context()) : Context());
  }
  retain(*step_node_.context);
  return Context(ContextRef(step_node_.context));
}

ContextRef TaskCore::context_or_none() const noexcept {
  if (step_node_.context) retain(*step_node_.context);
  return ContextRef(step_node_.context);
}

void TaskCore::schedule_step(const char* label, trace::Cause cause) {
  step_node_.label = label;
  future_.loop().schedule(hold_step_node().detach(), cause);
}

// A reference to the node, for a queue: as long as there is one, there is one to the task.
Ref<HandleNode> TaskCore::hold_step_node() noexcept {
  if (!step_node_.referenced()) future_.retain();
  return Ref<HandleNode>(&step_node_);
}

void TaskCore::park(const PromiseBase& leaf, FutureBase& future) {
  if (&future == &future_) [[unlikely]] {
    refuse_await("Task cannot await on itself: " + task_text());
  } else if (future.loop_or_null() != future_.loop_or_null()) [[unlikely]] {
    refuse_await(task_text() + " got " + future.text() + " attached to a different loop");
  } else {
    step_node_.label = "task_wakeup";
    waiter_ = Ref<FutureBase>(&future);
    future.add_callback(hold_step_node().detach());
  }
  yield(leaf);
}

// As in asyncio, the error comes with the task's next step, and a cancellation goes before it.
void TaskCore::refuse_await(std::string why) {
  if (must_cancel_) return;
  must_cancel_ = refused_await_ = true;
  cancel_message_ = std::move(why);
}

// What it throws leaves the current task as it is, for whoever catches it to put right: a guard
// here would make every call an `invoke`, which in WebAssembly is a way through JavaScript.
void TaskCore::step() {
  EventLoop& loop = future_.loop();
  TaskCore* const previous = std::exchange(loop.current_task_, this);
  if (loop.tracer()) [[unlikely]]
    LoopAccess::emit(loop, trace::TaskStepBegin{id(), thrown_at_resume()});
  waiter_ = nullptr;
  if (!started_ && must_cancel_) {
    destroy_frame();
    fail_cancelled(cancel_message_.get());
  } else {
    started_ = true;
    next_ = std::exchange(leaf_, nullptr)->handle();
    resume_all();
    after_step(loop);
  }
  loop.current_task_ = previous;
}

void TaskCore::resume_all() {
  parked_ = false;
  while (const std::coroutine_handle<> next = next_) next.resume();
}

// The parameters of a coroutine go when its body has ended, and what their destructors throw comes
// out of the step. Whoever called that coroutine is to go on nevertheless.
bool TaskCore::finish_step() {
  if (parked_ || !linked_) return false;
  log_thrown_by_destructor();
  while (next_) {
    try {
      resume_all();
    } catch (...) {
      log_thrown_by_destructor();
    }
  }
  after_step(future_.loop());
  return true;
}

void TaskCore::after_step(EventLoop& loop) {
  if (!parked_) {
    unlink();
    complete();
    return;
  }
  if (loop.tracer()) [[unlikely]]
    note_suspended(loop);
  if (!waiter_) {
    schedule_step("task_step", {trace::Cause::Kind::yield, 0});
  } else if (must_cancel_ && pass_on_cancel(cancel_message_.get())) {
    must_cancel_ = false;
  }
}

void TaskCore::fail(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const CancelledError& error) {
    fail_cancelled(error.what());
  } catch (...) {
    must_cancel_ = false;
    future_.set_exception(exception);
  }
}

void TaskCore::fail_cancelled(const std::string& message) {
  must_cancel_ = false;
  unlink();
  future_.set_cancelled_by_exception(message);
}

void TaskCore::set_cancelled_task() {
  must_cancel_ = false;
  unlink();
  future_.set_cancelled(cancel_message_.get());
}

namespace {

constexpr unsigned kMostVisits = 10'000;

// A cancellation on its way from task to task, until the first call of cancel() returns. As in
// asyncio a task is cancelled as often as there are ways to it. Where tasks wait for gathers of
// each other there are more than can be walked: from some number on, once is enough.
class CancelPass {
 public:
  CancelPass() noexcept {
    if (depth_++ > 0) return;
    ++number_;
    visits_ = 0;
  }
  CancelPass(const CancelPass&) = delete;
  CancelPass& operator=(const CancelPass&) = delete;
  ~CancelPass() { --depth_; }
  // `last`: the number of the pass that came by last.
  static bool may_visit(unsigned& last) noexcept {
    const bool again = std::exchange(last, number_) == number_;
    return ++visits_ <= kMostVisits || !again;
  }

 private:
  static constinit thread_local unsigned depth_;
  static constinit thread_local unsigned number_;
  static constinit thread_local unsigned visits_;
};

constinit thread_local unsigned CancelPass::depth_ = 0;
constinit thread_local unsigned CancelPass::number_ = 0;
constinit thread_local unsigned CancelPass::visits_ = 0;

}  // namespace

// On along the tasks that wait for each other, which may be as many as there are tasks: no call for
// each.
bool TaskCore::cancel_task(const std::string& message) {
  if (future_.done()) return false;
  const CancelPass pass;
  struct Passing {
    TaskCore* last = nullptr;  // of those that pass it on, linked backwards
    ~Passing() {
      while (last) {
        last->passing_on_cancel_ = false;
        last = std::exchange(last->passed_on_by_, nullptr);
      }
    }
  } passing;
  for (TaskCore* task = this; task->begin_cancel(message);) {
    task->passing_on_cancel_ = true;
    task->passed_on_by_ = std::exchange(passing.last, task);
    const Ref<FutureBase> waiter = task->waiter_;
    TaskCore* const next = waiter->task();
    if (next ? waiter->done() : !waiter->cancel(message)) task->cancel_at_next_step(message);
    if (!next || waiter->done()) break;
    task = next;
  }
  return true;
}

// True where what it waits for is to be cancelled.
bool TaskCore::begin_cancel(const std::string& message) {
  if (EventLoop* loop = future_.loop_or_null(); loop && loop->tracer())
    LoopAccess::emit(*loop, trace::TaskCancelRequested{id(), LoopAccess::cause_now(*loop)});
  ++cancel_requests_;
  if (passing_on_cancel_) {
    leave_circle(message);
    return false;
  }
  if (!CancelPass::may_visit(cancelled_in_pass_)) return false;
  if (!waiter_) cancel_at_next_step(message);
  return waiter_ != nullptr;
}

// It is not waiting, or what it waits for is done.
void TaskCore::cancel_at_next_step(const std::string& message) {
  must_cancel_ = true;
  refused_await_ = false;
  cancel_message_ = message;
}

bool TaskCore::pass_on_cancel(const std::string& message) {
  if (!waiter_) return false;
  struct Passing {
    bool& flag;
    ~Passing() { flag = false; }
  } const passing{passing_on_cancel_ = true};
  return Ref<FutureBase>(waiter_)->cancel(message);
}

// The cancellation has come back to where it came from: these tasks wait for each other, and nobody
// would ever wake one. This one stops waiting.
// Differs from asyncio: there the recursion ends with a RecursionError, and nobody is cancelled.
void TaskCore::leave_circle(const std::string& message) {
  must_cancel_ = true;
  cancel_message_ = message;
  if (!waiter_) return;  // it has left already
  const Ref keep(&future_);
  const Ref<FutureBase> waiter = std::exchange(waiter_, {});
  waiter->remove_callback(&step_node_);
  schedule_step("task_wakeup", LoopAccess::cause_now(future_.loop()));
}

unsigned TaskCore::uncancel() noexcept {
  if (cancel_requests_ == 0) return 0;
  if (--cancel_requests_ == 0 && !refused_await_) must_cancel_ = false;
  if (EventLoop* loop = future_.loop_or_null(); loop && loop->tracer() && !future_.done())
    LoopAccess::emit(*loop, trace::TaskUncancelled{id(), cancel_requests_});
  return cancel_requests_;
}

void TaskCore::throw_cancelled(FutureBase* awaited) {
  must_cancel_ = false;
  if (std::exchange(refused_await_, false)) throw RuntimeError(cancel_message_.take());
  if (awaited && awaited->done()) {
    // What it waited for may say why.
    try {
      awaited->throw_if_failed();
    } catch (const CancelledError&) {
      throw;
    } catch (...) {
    }
  }
  throw CancelledError(cancel_message_.get());
}

// -- What it says of itself -------------------------------------------------------------------------------------------

std::string TaskCore::name() const {
  return number_ != 0 ? "Task-" + std::to_string(number_) : name_.get();
}

std::string_view TaskCore::coro_name() const noexcept { return bare_function_name(function_); }

std::vector<trace::Place> TaskCore::stack() const {
  std::vector<trace::Place> places;
  for (const PromiseBase* frame = leaf_; frame; frame = frame->caller())
    places.push_back({frame->where(), true});
  std::reverse(places.begin(), places.end());
  return places;
}

void TaskCore::note_suspended(const EventLoop& loop) const {
  const std::vector<trace::Place> places = stack();
  const trace::Awaiting awaiting = waiter_ ? waiter_->awaiting() : trace::Awaiting{"yield"};
  LoopAccess::emit(loop, trace::TaskSuspended{id(), awaiting, places});
}

std::string TaskCore::thrown_at_resume() const {
  if (refused_await_) return "RuntimeError";
  if (must_cancel_ || (waiter_ && waiter_->cancelled())) return "CancelledError";
  return waiter_ && waiter_->failed() ? describe_type(waiter_->peek_exception()) : std::string();
}

void TaskCore::note_task_done() {
  const std::optional<std::string> value = result_text();
  LoopAccess::emit(future_.loop(),
                   trace::TaskDone{id(), future_.outcome(), value, future_.error_text()});
}

std::string TaskCore::task_text() const {
  const char* state = !future_.done()       ? (must_cancel_ ? "cancelling" : "pending")
                      : future_.cancelled() ? "cancelled"
                                            : "finished";
  std::string text = std::string("<Task ") + state + " name='" + name() + "' coro=<" +
                     std::string(coro_name()) + "()>";
  if (const std::string error = future_.error_text(); !error.empty()) text += " exception=" + error;
  return text + ">";
}

std::string TaskCore::waiting_text() const {
  if (!waiter_) return name() + " is ready";
  if (TaskCore* awaited = waiter_->task()) return name() + " waits for " + awaited->name();
  const trace::Awaiting at = waiter_->awaiting();
  return name() + " waits for " + std::string(at.kind) + " " +
         std::to_string(at.resource != 0 ? at.resource : at.id);
}

}  // namespace detail

std::optional<AnyTask> current_task() {
  detail::TaskCore* task = detail::LoopAccess::current_task(get_running_loop());
  return task ? std::optional<AnyTask>(*task) : std::nullopt;
}

std::vector<AnyTask> all_tasks() { return all_tasks(get_running_loop()); }

std::vector<AnyTask> all_tasks(EventLoop& loop) {
  std::vector<AnyTask> tasks;
  for (detail::TaskCore* task = detail::LoopAccess::newest_task(loop); task; task = task->older)
    tasks.emplace_back(*task);
  std::reverse(tasks.begin(), tasks.end());
  return tasks;
}

}  // namespace asyncio
