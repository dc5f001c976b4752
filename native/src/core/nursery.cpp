#include <asyncio/nursery.hpp>
#include <asyncio/wait_for.hpp>

#include "core/combined_future.hpp"

namespace asyncio {

Nursery::Starting::Starting(detail::Ref<detail::NurseryAnchor> anchor,
                            const detail::Ref<detail::FutureBase>& child,
                            const detail::FutureBase& ready)
    : anchor_(std::move(anchor)) {
  ++anchor_->nursery->starting_;
  anchor_->nursery->started_children_.watch(*child);
  if (!ready.done()) detail::note_created(ready, {&child, 1}, std::nullopt);  // else no wait
}

Nursery::Starting::~Starting() {
  if (!anchor_->nursery) return;
  --anchor_->nursery->starting_;
  anchor_->nursery->wake_if_empty();
}

void Nursery::enter() {
  EventLoop& loop = get_running_loop();
  cancel_scope.enter();
  loop_ = &loop;
  parent_ = detail::LoopAccess::current_task(loop);
  note("entered");
}

void Nursery::check_open() const {
  if (!loop_ || closed_) throw RuntimeError("Nursery is closed to new arrivals");
}

void Nursery::adopt(detail::FutureBase& task) {
  if (task.done()) return watched_done(task);  // an eager one
  watch(task);
  note("task_added");
  if (cancel_scope.cancel_called()) cancel_children();
}

// Null before its first step.
CancelScope* Nursery::outermost_scope(detail::FutureBase& child) noexcept {
  const detail::TaskCore* const core = child.task();
  CancelScope* scope = core->scope;
  while (scope && scope->parent_ && scope->parent_->task_ == core) scope = scope->parent_;
  return scope;
}

void Nursery::cancel_children() {
  for (const auto& child : watched()) {
    if (CancelScope* const scope = outermost_scope(*child)) {
      scope->cancel();
    } else if (!child->done()) {
      child->cancel({});
    }
  }
}

void Nursery::note(std::string_view op) {
  resource_.note(*loop_, op, [this] {
    const std::size_t count = watched_count();
    detail::ResourceNow now;
    now.state = std::to_string(count) + (count == 1 ? " task" : " tasks");
    if (!errors_.empty()) now.state += ", errors:" + std::to_string(errors_.size());
    now.value = static_cast<std::int64_t>(count);
    now.waiters = emptied_ ? 1 : 0;
    return now;
  });
}

void Nursery::wake_if_empty() {
  if (empty() && emptied_ && !emptied_->done()) emptied_->set_result();
}

void Nursery::watched_done(detail::FutureBase& task) {
  note("task_done");
  wake_if_empty();
  if (task.cancelled()) return;
  if (const std::exception_ptr error = task.exception()) {
    errors_.push_back(error);
    cancel_scope.cancel();
  }
}

Coro<> Nursery::cancel_and_wait_for(detail::Ref<detail::FutureBase> task) {
  try {
    Coro<> ending = detail::cancel_and_wait(std::move(task));
    co_await ending;
  } catch (const CancelledError&) {
    // Again, while it waits for what it has cancelled: it is thrown when that has ended.
  }
}

Coro<> Nursery::leave(std::exception_ptr error) {
  std::exception_ptr cancellation;
  if (detail::is_cancellation(error)) {
    cancellation = std::move(error);
    cancel_children();
  } else if (error) {
    errors_.push_back(std::move(error));
    cancel_scope.cancel();
  }
  while (!empty()) {
    emptied_ = detail::Ref(new detail::ResourceFuture(*loop_, resource_, "join"));
    detail::note_created(*emptied_, watched(), std::nullopt);
    try {
      co_await Future<>(emptied_);
    } catch (const CancelledError&) {
      cancellation = std::current_exception();
      cancel_children();
    }
    emptied_ = nullptr;
  }
  closed_ = true;
  note("exited");
  const bool caught = cancel_scope.finish(cancellation);
  if (errors_.empty()) {
    if (cancellation && !caught) std::rethrow_exception(cancellation);
    co_return;
  }
  // A cancellation from outside must not get lost.
  if (cancellation && !caught) parent_->cancel_again({});
  throw ExceptionGroup("unhandled errors in a nursery", std::exchange(errors_, {}));
}

void Nursery::drop() noexcept {
  closed_ = true;
  anchor_->nursery = nullptr;
  for (const auto& children : {watched(), started_children_.watched()}) {
    for (const auto& child : children)
      if (CancelScope* const scope = outermost_scope(*child)) scope->parent_ = nullptr;
  }
  unwatch_all();
  started_children_.unwatch_all();
  cancel_scope.drop();
}

}  // namespace asyncio
