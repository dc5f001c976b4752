#include <asyncio/task_group.hpp>

#include "core/combined_future.hpp"

namespace asyncio {

void TaskGroup::enter() {
  if (parent_) throw RuntimeError("TaskGroup " + text() + " has already been entered");
  EventLoop& loop = get_running_loop();
  parent_ = current_task();
  if (!parent_) throw RuntimeError("TaskGroup " + text() + " cannot determine the parent task");
  loop_ = &loop;
  note("entered");
}

std::string TaskGroup::text() const {
  std::string text = "<TaskGroup";
  if (watches_any()) text += " tasks=" + std::to_string(watched_count());
  if (!errors_.empty()) text += " errors=" + std::to_string(errors_.size());
  if (aborting_) {
    text += " cancelling";
  } else if (parent_) {
    text += " entered";
  }
  return text + ">";
}

const char* TaskGroup::refusal() const noexcept {
  if (!parent_) return " has not been entered";
  if (exiting_ && !watches_any()) return " is finished";
  if (aborting_) return " is shutting down";
  return nullptr;
}

void TaskGroup::adopt_task(detail::FutureBase& task) {
  if (task.done()) {  // an eager one
    watched_done(task);
  } else {
    watch(task);
    note("task_added");
  }
}

// In words: "2 tasks, cancelling".
void TaskGroup::note(std::string_view op) {
  resource_.note(*loop_, op, [this] {
    const std::size_t count = watched_count();
    detail::ResourceNow now;
    now.state = std::to_string(count) + (count == 1 ? " task" : " tasks");
    if (!errors_.empty()) now.state += ", errors:" + std::to_string(errors_.size());
    if (aborting_) now.state += ", cancelling";
    now.value = static_cast<std::int64_t>(count);
    now.waiters = on_completed_ ? 1 : 0;
    return now;
  });
}

void TaskGroup::abort() {
  aborting_ = true;
  note("cancelled");
  cancel_watched();
}

// asyncio: TaskGroup._on_task_done
void TaskGroup::watched_done(detail::FutureBase& task) {
  note("task_done");
  if (on_completed_ && !watches_any() && !on_completed_->done()) on_completed_->set_result();
  if (task.cancelled()) return;
  const std::exception_ptr error = task.exception();
  if (!error) return;
  errors_.push_back(error);
  if (parent_->done()) {
    return loop_->call_exception_handler({"Task " + task.text() +
                                              " has errored out but its parent task " +
                                              parent_->shared()->text() + " is already completed",
                                          error, Handle(), task.text(), detail::context_of(task)});
  }
  if (aborting_ || parent_cancel_requested_) return;
  // Nobody cancels the parent: so the group does, to end what the block waits for, and takes it
  // back when it is left.
  abort();
  parent_cancel_requested_ = true;
  parent_->cancel();
}

// asyncio: TaskGroup.__aexit__
Coro<> TaskGroup::leave(std::exception_ptr error) {
  exiting_ = true;
  std::exception_ptr cancellation;
  if (detail::is_cancellation(error)) cancellation = std::exchange(error, nullptr);
  if ((error || cancellation) && !aborting_) abort();

  // Again and again, for each cancellation of the parent ends one wait.
  while (watches_any()) {
    on_completed_ = detail::Ref(new detail::ResourceFuture(*loop_, resource_, "join"));
    detail::note_created(*on_completed_, watched(), std::nullopt);
    try {
      co_await Future<>(on_completed_);
    } catch (const CancelledError&) {
      if (!aborting_) {
        cancellation = std::current_exception();
        abort();
      }
    }
    on_completed_ = nullptr;
  }
  note("exited");

  // With no request left but the group's own, the parent was not cancelled.
  if (parent_cancel_requested_ && parent_->uncancel() == 0) cancellation = nullptr;
  if (cancellation && errors_.empty()) std::rethrow_exception(cancellation);
  if (error) errors_.push_back(std::move(error));
  if (!errors_.empty()) throw_errors();
}

void TaskGroup::throw_errors() {
  // A cancellation from outside must not get lost: the same count, and thrown at the next await.
  if (parent_->cancelling() > 0) {
    parent_->uncancel();
    parent_->cancel();
  }
  throw ExceptionGroup("unhandled errors in a TaskGroup", std::exchange(errors_, {}));
}

}  // namespace asyncio
