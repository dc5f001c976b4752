#include <asyncio/gather.hpp>

#include "core/combined_future.hpp"

namespace asyncio::detail {

GatherCore::GatherCore(EventLoop& loop, FutureBase& outer, std::vector<Ref<FutureBase>> children,
                       bool keep_exceptions) noexcept
    : Abandonable(LoopAccess::combinators(loop)),
      outer_(outer),
      children_(std::move(children)),
      keep_exceptions_(keep_exceptions) {}

void GatherCore::abandon() noexcept {
  leave_list();
  const Ref keep(&outer_);
  children_.clear();
}

class GatherCore::ChildDone final : public HandleNode, public Pooled {
 public:
  ChildDone(GatherCore& gather, FutureBase& child) noexcept
      : HandleNode("done_callback", nullptr),
        keep_(&gather.outer_),
        gather_(gather),
        child_(child) {}
  void run() override { gather_.child_done(child_); }
  void discard() noexcept override { keep_ = nullptr; }
  FutureBase* awaiter(std::size_t index) noexcept override {
    return index == 0 ? keep_.get() : nullptr;
  }

 private:
  void dispose() noexcept override { delete this; }
  Ref<FutureBase> keep_;
  GatherCore& gather_;
  FutureBase& child_;
};

void GatherCore::start(bool are_new, const std::source_location& loc) {
  if (!are_new)
    for (const auto& child : children_) child->check_belongs_to(outer_.loop_or_null());
  note_created(outer_, children_, trace::Place{loc, true});
  if (children_.empty()) return set_results();
  std::vector<FutureBase*> done;
  if (are_new) {
    for (const auto& child : children_) watch(*child, done);
  } else {
    watch_each_once(done);
  }
  // As from Python 3.12 on: a gather of what is done is done at once.
  for (FutureBase* child : done) child_done(*child);
}

void GatherCore::watch(FutureBase& child, std::vector<FutureBase*>& done) {
  ++unfinished_;
  if (child.done()) {
    done.push_back(&child);
  } else {
    child.add_callback(Ref<HandleNode>(new ChildDone(*this, child)).detach());
  }
}

// A future that is given twice counts once, where it came first.
void GatherCore::watch_each_once(std::vector<FutureBase*>& done) {
  struct Marks {
    const std::vector<Ref<FutureBase>>& children;
    ~Marks() {
      for (const auto& child : children) child->unmark();
    }
  } const marks{children_};
  for (const auto& child : children_)
    if (child->mark()) watch(*child, done);
}

// asyncio: gather.<locals>._done_callback
// As if it had been cancelled; a task that refused still knows what it was told.
static CancelledError cancelled_error_of(FutureBase& child) {
  TaskCore* const task = child.cancelled() ? nullptr : child.task();
  return task ? CancelledError(task->own_cancel_message()) : child.cancelled_error();
}

void GatherCore::child_done(FutureBase& child) {
  --unfinished_;
  if (outer_.done()) {
    child.mark_retrieved();
    return;
  }
  if (!keep_exceptions_) {
    if (child.cancelled())
      return outer_.set_exception(std::make_exception_ptr(child.cancelled_error()));
    if (child.failed()) return outer_.set_exception(child.exception());
  }
  if (unfinished_ > 0) return;
  if (cancel_requested_) {
    // Of the last argument, as in asyncio, whichever ended last, and however.
    outer_.set_exception(std::make_exception_ptr(cancelled_error_of(*children_.back())));
  } else {
    set_results();
  }
}

bool GatherCore::cancel_children(const std::string& message) {
  bool any = false;
  for (const auto& child : children_) any = child->cancel(message) || any;
  // The gather ends when they have ended.
  cancel_requested_ = cancel_requested_ || any;
  return any;
}

}  // namespace asyncio::detail
