#include <asyncio/cancel_scope.hpp>
#include <asyncio/nursery.hpp>

#include "core/loop_access.hpp"

namespace asyncio {

void CancelScope::enter_in(CancelScope* nursery_scope) {
  detail::TaskCore* const task = detail::LoopAccess::current_task(get_running_loop());
  if (entered_) throw RuntimeError("Each CancelScope may only be used for a single block");
  if (!task) throw RuntimeError("CancelScope should be used inside a task");
  entered_ = true;
  task_ = task;
  cancelling_ = task->cancelling();
  parent_ = nursery_scope ? nursery_scope : task->scope;
  task->scope = this;
  resource_.emplace("cancel_scope", loc_);
  note("entered");
  if (cancel_called_) {
    deliver();
  } else {
    schedule();
  }
}

void CancelScope::schedule() {
  timer_.cancel();
  timer_ = {};
  if (!deadline_ || cancel_called_ || !task_) return;
  EventLoop& loop = task_->future().loop();
  if (*deadline_ <= loop.time()) return cancel_by("expired");
  timer_ = TimerHandle(detail::LoopAccess::schedule_at(
      loop, *deadline_,
      detail::make_callback("deadline", [this] { cancel_by("expired"); }, std::source_location{})));
}

void CancelScope::set_deadline(std::optional<Instant> deadline) {
  deadline_ = deadline;
  note("rescheduled");
  schedule();
}

void CancelScope::note(std::string_view op) {
  if (!task_) return;
  resource_->note(op, [this] {
    detail::ResourceNow now;
    now.state = cancelled_caught_ ? "caught" : cancel_called_ ? "cancelled" : "active";
    if (shield_) now.state += ", shielded";
    if (!cancel_called_) now.when = deadline_;
    return now;
  });
}

void CancelScope::cancel() { cancel_by("cancelled"); }

void CancelScope::cancel_by(std::string_view op) {
  if (std::exchange(cancel_called_, true)) return;
  timer_.cancel();
  note(op);
  if (nursery_) nursery_->cancel_children();
  if (task_ && !kept_out()) deliver();
}

void CancelScope::deliver() {
  delivered_ = true;
  task_->cancel_task({});
}

// By a shield between it and where the task is.
bool CancelScope::kept_out() const noexcept {
  for (const CancelScope* inner = task_->scope; inner && inner != this; inner = inner->parent_)
    if (inner->shield_) return true;
  return false;
}

void CancelScope::set_shield(bool shield) {
  const bool was = std::exchange(shield_, shield);
  if (was != shield) note(shield ? "shielded" : "unshielded");
  if (was && !shield && task_ && !kept_out()) deliver_pending(*task_, parent_);
}

// A shield is gone: what it kept out comes in.
void CancelScope::deliver_pending(const detail::TaskCore& task, CancelScope* from) {
  for (CancelScope* scope = from; scope && scope->task_ == &task; scope = scope->parent_) {
    if (scope->cancel_called_ && !scope->delivered_) scope->deliver();
    if (scope->shield_) return;
  }
}

bool CancelScope::unlink() noexcept {
  const bool innermost = task_->scope == this;
  CancelScope* const outer = parent_ && parent_->task_ == task_ ? parent_ : nullptr;
  if (innermost) {
    task_->scope = outer;
  } else {
    for (CancelScope* inner = task_->scope; inner; inner = inner->parent_)
      if (inner->parent_ == this) inner->parent_ = outer;
  }
  return innermost;
}

bool CancelScope::finish(const std::exception_ptr& error) {
  timer_.cancel();
  timer_ = {};
  detail::TaskCore& task = *task_;
  if (!unlink()) {
    task_ = nullptr;
    throw RuntimeError("Cancel scope stack corrupted: left a scope that others are still within");
  }
  // Without requests besides this one, the cancellation ends here.
  const bool ours = delivered_ && task.uncancel() <= cancelling_;
  cancelled_caught_ = ours && detail::is_cancellation(error);
  note("exited");
  task_ = nullptr;
  deliver_pending(task, std::exchange(parent_, nullptr));
  return cancelled_caught_;
}

void CancelScope::leave(std::exception_ptr error) {
  if (!finish(error) && error) std::rethrow_exception(error);
}

void CancelScope::drop() noexcept {
  timer_.cancel();
  if (!task_) return;
  unlink();
  task_ = nullptr;
}

Coro<> checkpoint() {
  co_await detail::Yield();
  const detail::TaskCore* const task = detail::LoopAccess::current_task(get_running_loop());
  for (const CancelScope* scope = task->scope; scope; scope = scope->parent_) {
    if (scope->cancel_called_) throw CancelledError();
    if (scope->shield_) break;
  }
}

Instant current_effective_deadline() {
  const detail::TaskCore* const task = detail::LoopAccess::current_task(get_running_loop());
  Instant deadline = Instant::max();
  for (const CancelScope* scope = task ? task->scope : nullptr; scope; scope = scope->parent_) {
    if (scope->cancel_called_) return Instant::min();
    if (scope->deadline_) deadline = std::min(deadline, *scope->deadline_);
    if (scope->shield_) break;
  }
  return deadline;
}

}  // namespace asyncio
