// A future without its value: state, exception, callbacks.
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include <asyncio/detail/rare_text.hpp>
#include <asyncio/event_loop.hpp>

namespace asyncio::detail {

class TaskCore;

// Shared by the Future handles that refer to it; counted by references. asyncio: Future
class FutureBase {
 public:
  enum class State : unsigned char { pending, finished, cancelled };

  // `type`: what the trace calls it.
  FutureBase(EventLoop& loop, std::string_view type, FutureId id) noexcept;
  FutureBase(const FutureBase&) = delete;
  FutureBase& operator=(const FutureBase&) = delete;

  void retain() const noexcept { ++references_; }
  void release() const noexcept {
    if (--references_ == 0) const_cast<FutureBase*>(this)->end();
  }

  // Nobody else refers to it.
  bool is_sole() const noexcept { return references_ == 1; }

  bool done() const noexcept { return state_ != State::pending; }
  bool cancelled() const noexcept { return state_ == State::cancelled; }
  FutureId id() const noexcept { return id_; }
  std::string_view type() const noexcept { return type_; }
  // Throws RuntimeError "Event loop is closed" when the loop is gone.
  EventLoop& loop() const;
  EventLoop* loop_or_null() const noexcept { return anchor_->loop; }

  virtual bool cancel(const std::string& message);
  virtual TaskCore* task() noexcept { return nullptr; }

  // Throws InvalidStateError when done.
  void set_exception(std::exception_ptr exception);
  // The exception or null; marks it retrieved. Throws CancelledError when cancelled,
  // InvalidStateError when pending.
  std::exception_ptr exception();
  // As result(), without the value: throws what the result would throw.
  void throw_if_failed();
  void check_pending() const;
  // Throws std::invalid_argument when it is another loop's.
  void check_belongs_to(const EventLoop* loop) const;
  bool failed() const noexcept { return exception_ != nullptr; }
  // Without marking it retrieved.
  const std::exception_ptr& peek_exception() const noexcept { return exception_; }
  void mark_retrieved() noexcept { retrieved_ = true; }

  // Pending before; message: for CancelledError.
  void set_cancelled(const std::string& message);
  // A CancelledError left the task: its message goes to the first who asks for the result.
  void set_cancelled_by_exception(const std::string& message);
  // The message that any number may ask for.
  std::string lasting_cancel_message() const { return message_once_ ? "" : cancel_message_.get(); }
  // What awaiting it throws once it is cancelled.
  CancelledError cancelled_error();
  trace::Outcome outcome() const noexcept;
  // What the trace says of a failure: "Type: message", or "".
  std::string error_text() const;

  // Takes over the caller's reference; scheduled when done, in the order of registration.
  void add_callback(HandleNode* node);
  // True if it was registered.
  bool remove_callback(const HandleNode* node) noexcept;

  // Who waits for it, in the order in which they came, as far as their callbacks tell.
  template <class Visit>
  void each_awaiter(Visit visit) const {
    for (HandleNode* node = callbacks_; node; node = node->next) {
      for (std::size_t index = 0; FutureBase* awaiter = node->awaiter(index); ++index)
        visit(*awaiter);
    }
  }

  // For whoever looks whether it is twice among several, and takes the mark away afterwards: true
  // if it had none.
  bool mark() noexcept { return !std::exchange(marked_, true); }
  void unmark() noexcept { marked_ = false; }

  trace::Cause as_cause() noexcept;
  // What the trace says of a task that waits for it.
  virtual trace::Awaiting awaiting() const { return {type_, id_, 0, {}}; }
  // "<Future finished exception=...>", for messages.
  virtual std::string text() const;

 protected:
  virtual ~FutureBase();
  virtual void dispose() noexcept = 0;
  // The value or exception_ is in place: schedules the callbacks.
  void finish(State state);
  // Tells the trace how it ended.
  virtual void note_done();
  void report_never_retrieved() noexcept;
  void tell_never_retrieved();

  std::exception_ptr exception_;
  RareText cancel_message_;

 private:
  // The last reference is gone.
  void end() noexcept {
    if (exception_ && !retrieved_) [[unlikely]]
      report_never_retrieved();
    dispose();
  }
  void schedule_callbacks(EventLoop& loop);
  void drop_callbacks() noexcept;

  HandleNode* callbacks_ = nullptr;
  HandleNode* last_callback_ = nullptr;
  Ref<LoopAnchor> anchor_;
  std::string_view type_;
  FutureId id_;
  mutable unsigned references_ = 0;
  State state_ = State::pending;
  bool retrieved_ = false;
  bool message_once_ = false;
  bool marked_ = false;
};

// A new number for a future of this thread.
FutureId next_future_id() noexcept;

// void has no values; std::monostate stands in.
template <class T>
struct Stored {
  using type = T;
};
template <>
struct Stored<void> {
  using type = std::monostate;
};
template <class T>
using stored_t = typename Stored<T>::type;

template <class T>
class FutureState : public FutureBase, public Pooled {
 public:
  static_assert(!std::is_reference_v<T>,
                "a future holds a value; use a pointer or std::reference_wrapper");

  using FutureBase::FutureBase;
  FutureState(EventLoop& loop, std::string_view type) noexcept
      : FutureBase(loop, type, next_future_id()) {}

  template <class... V>
  void set_result(V&&... value) {
    check_pending();
    value_.emplace(std::forward<V>(value)...);
    finish(State::finished);
  }
  // Throws CancelledError, the exception, or InvalidStateError "Result is not set.".
  stored_t<T>& result() {
    throw_if_failed();
    return *value_;
  }
  bool has_value() const noexcept { return value_.has_value(); }

 protected:
  ~FutureState() override = default;
  void dispose() noexcept override { delete this; }
  std::optional<stored_t<T>> value_;
};

}  // namespace asyncio::detail
