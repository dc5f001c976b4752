// Handles: what call_soon() and call_later() return.
#pragma once

#include <cstddef>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <asyncio/detail/captured.hpp>
#include <asyncio/detail/context_state.hpp>
#include <asyncio/detail/memory.hpp>
#include <asyncio/detail/ref.hpp>
#include <asyncio/time.hpp>
#include <asyncio/trace.hpp>

namespace asyncio {

class EventLoop;
class AbstractEventLoop;

namespace detail {

class FutureBase;
class TaskCore;

// One unit of work for a loop. It is in at most one place at a time: a future's callback list, the
// timer heap or the ready queue (both lists are chained through `next`). Counted by references;
// what it runs goes when the last one goes.
class HandleNode {
 public:
  enum class Place : unsigned char { nowhere, callbacks, ready, timers };

  HandleNode(const char* what, TaskCore* stepped) noexcept : label(what), task(stepped) {}
  HandleNode(const HandleNode&) = delete;
  HandleNode& operator=(const HandleNode&) = delete;

  virtual void run() = 0;
  // Lets go of what it would run: it was cancelled, but somebody still holds the handle.
  virtual void discard() noexcept = 0;
  // A future's callback, until it has run, keeps the future; before, the future keeps it.
  virtual void hold_future() noexcept {}

  void retain() const noexcept { ++references_; }
  void release() const noexcept {
    if (--references_ == 0) const_cast<HandleNode*>(this)->end();
  }
  // The future or task that goes on when this one has run. Where there may be several, they are
  // counted from 0; null: that is all, as far as anybody knows.
  virtual FutureBase* awaiter([[maybe_unused]] std::size_t index) noexcept { return nullptr; }
  bool referenced() const noexcept { return references_ != 0; }
  void cancel();
  // "<Handle 5 created at main.cpp:12>", for messages. asyncio: Handle.__repr__
  std::string text() const;
  // It will run in a copy of the current context. Not in the constructor: it would cost every
  // handle a dozen instructions that half the object was seen by somebody.
  void copy_context() noexcept {
    if (current_context) [[unlikely]]
      take_context();
  }

  HandleNode* next;                 // in a list
  EventLoop* loop = nullptr;        // set while scheduled; null once that loop is gone
  HandleId id = 0;                  // new each time it is scheduled
  const char* label;                // the trace's words: "callback", "timer", "task_wakeup" ...
  TaskCore* task;                   // the task it steps, if it steps one
  Instant when{};                   // timers only
  ContextState* context = nullptr;  // a reference to what it runs in; null: an empty one
  std::source_location loc{};       // who scheduled it; line 0: the library
  Place place = Place::nowhere;
  bool cancelled = false;
  bool timer = false;
  trace::Cause::Kind sender{};  // in an inbox: who sent it, whose number is in `id`

 protected:
  ~HandleNode() = default;
  void drop_context() noexcept;

 private:
  void take_context() noexcept;
  // The last reference is gone. A task's node may be referenced again: its context goes with it.
  void end() noexcept {
    if (context && !task) [[unlikely]]
      drop_context();
    dispose();
  }
  virtual void dispose() noexcept = 0;
  mutable unsigned references_ = 0;
};

template <class F, class Memory>
class CallbackNode final : public HandleNode, public Memory {
 public:
  template <class G>
  CallbackNode(const char* what, G&& callback, const std::source_location& where)
      : HandleNode(what, nullptr), callback_(std::in_place, std::forward<G>(callback)) {
    loc = where;
  }
  void run() override { static_cast<void>((*callback_)()); }
  void discard() noexcept override { callback_.reset(); }

 private:
  void dispose() noexcept override { delete this; }
  Captured<F> callback_;
};

template <class Memory = Pooled, class F>
Ref<HandleNode> make_callback(const char* label, F&& callback, const std::source_location& where) {
  return Ref<HandleNode>(
      new CallbackNode<std::decay_t<F>, Memory>(label, std::forward<F>(callback), where));
}

}  // namespace detail

// A callback that a loop will run. Cheap to copy; copies are the same handle. It may be dropped:
// the loop keeps its own.
// asyncio: Handle
class Handle {
 public:
  Handle() = default;
  explicit Handle(detail::Ref<detail::HandleNode> node) noexcept : node_(std::move(node)) {}

  // It will not run; cancelling what has run or is cancelled does nothing.
  void cancel() {
    if (node_) node_->cancel();
  }
  bool cancelled() const noexcept { return node_ && node_->cancelled; }
  // For an AbstractEventLoop: runs the callback now, as a loop does in its turn. What it throws
  // goes to the exception handler; a cancelled one does nothing. asyncio: Handle._run
  void run() const;
  // "<Handle 5 created at main.cpp:12>". asyncio: Handle.__repr__
  std::string text() const { return node_ ? node_->text() : "<Handle>"; }
  // The number under which the trace speaks of it.
  HandleId id() const noexcept { return node_ ? node_->id : 0; }

 protected:
  friend class EventLoop;
  friend class AbstractEventLoop;
  template <class T>
  friend class Future;
  detail::Ref<detail::HandleNode> node_;
};

// A callback with a deadline. asyncio: TimerHandle
class TimerHandle : public Handle {
 public:
  using Handle::Handle;
  // The deadline, on EventLoop::time().
  Instant when() const noexcept { return node_ ? node_->when : Instant{}; }
};

}  // namespace asyncio
