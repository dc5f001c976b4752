#include <asyncio/detail/future_base.hpp>
#include <asyncio/detail/task_core.hpp>
#include <asyncio/log.hpp>

#include "core/loop_access.hpp"

namespace asyncio::detail {

FutureId next_future_id() noexcept { return id_source.future(); }

FutureBase::FutureBase(EventLoop& loop, std::string_view type, FutureId id) noexcept
    : anchor_(loop.anchor_), type_(type), id_(id) {}

FutureBase::~FutureBase() { drop_callbacks(); }

void FutureBase::drop_callbacks() noexcept {
  last_callback_ = nullptr;
  while (HandleNode* node = callbacks_) {
    callbacks_ = node->next;
    node->place = HandleNode::Place::nowhere;
    node->release();
  }
}

EventLoop& FutureBase::loop() const {
  if (!anchor_->loop) throw RuntimeError("Event loop is closed");
  return *anchor_->loop;
}

void FutureBase::check_belongs_to(const EventLoop* loop) const {
  if (anchor_->loop != loop)
    throw std::invalid_argument(
        "The future belongs to a different loop than the one specified as the loop argument");
}

void FutureBase::check_pending() const {
  if (done()) throw InvalidStateError("invalid state");
}

bool FutureBase::cancel(const std::string& message) {
  if (done()) return false;
  set_cancelled(message);
  return true;
}

void FutureBase::set_cancelled(const std::string& message) {
  cancel_message_ = message;
  finish(State::cancelled);
}

void FutureBase::set_cancelled_by_exception(const std::string& message) {
  message_once_ = true;
  set_cancelled(message);
}

// asyncio: Future._make_cancelled_error
CancelledError FutureBase::cancelled_error() {
  return CancelledError(message_once_ ? cancel_message_.take() : cancel_message_.get());
}

void FutureBase::set_exception(std::exception_ptr exception) {
  check_pending();
  exception_ = std::move(exception);
  finish(State::finished);
}

std::exception_ptr FutureBase::exception() {
  if (cancelled()) throw cancelled_error();
  if (!done()) throw InvalidStateError("Exception is not set.");
  retrieved_ = true;
  return exception_;
}

void FutureBase::throw_if_failed() {
  if (state_ == State::finished && !exception_) [[likely]]
    return;
  if (cancelled()) throw cancelled_error();
  if (!done()) throw InvalidStateError("Result is not set.");
  retrieved_ = true;
  std::rethrow_exception(exception_);
}

void FutureBase::finish(State state) {
  state_ = state;
  EventLoop* loop = anchor_->loop;
  if (!loop) {
    const Ref keep(this);     // a callback may hold the last reference
    return drop_callbacks();  // nobody can be resumed any more
  }
  if (loop->tracer()) [[unlikely]]
    note_done();
  if (callbacks_) schedule_callbacks(*loop);
}

void FutureBase::schedule_callbacks(EventLoop& loop) {
  // Nothing can run them any more, and the caller is told; but not the destructors of the frames
  // that end with their loop: they cannot help it.
  if (loop.is_closed()) {
    const Ref keep(this);
    drop_callbacks();
    if (!loop.ending_) loop.check_closed();
    return;
  }
  HandleNode* node = std::exchange(callbacks_, nullptr);
  last_callback_ = nullptr;
  while (node) {
    HandleNode* following = node->next;
    if (!node->task) node->hold_future();
    loop.schedule(node, as_cause());
    node = following;
  }
}

void FutureBase::add_callback(HandleNode* node) {
  if (done()) {
    if (!node->task) node->hold_future();
    loop().schedule(node, as_cause());
    return;
  }
  node->next = nullptr;
  node->place = HandleNode::Place::callbacks;
  (callbacks_ ? last_callback_->next : callbacks_) = node;
  last_callback_ = node;
}

bool FutureBase::remove_callback(const HandleNode* node) noexcept {
  HandleNode* before = nullptr;
  for (HandleNode* candidate = callbacks_; candidate;
       before = candidate, candidate = candidate->next) {
    if (candidate != node) continue;
    (before ? before->next : callbacks_) = candidate->next;
    if (last_callback_ == candidate) last_callback_ = before;
    candidate->place = HandleNode::Place::nowhere;
    candidate->release();
    return true;
  }
  return false;
}

trace::Cause FutureBase::as_cause() noexcept {
  return {task() ? trace::Cause::Kind::task : trace::Cause::Kind::future, id_};
}

trace::Outcome FutureBase::outcome() const noexcept {
  if (cancelled()) return trace::Outcome::cancelled;
  return exception_ ? trace::Outcome::exception : trace::Outcome::result;
}

std::string FutureBase::error_text() const {
  return exception_ ? describe(exception_) : std::string();
}

void throw_empty_future() {
  throw RuntimeError("Future is empty: default-constructed, or moved from");
}

void FutureBase::note_done() {
  const EventLoop& loop = *anchor_->loop;
  LoopAccess::emit(loop,
                   trace::FutureDone{id_, outcome(), LoopAccess::cause_now(loop), error_text()});
}

std::string FutureBase::text() const {
  std::string text = "<Future " + std::to_string(id_);
  text += !done() ? " pending" : cancelled() ? " cancelled" : " finished";
  if (exception_) text += " exception=" + describe(exception_);
  return text + ">";
}

void FutureBase::report_never_retrieved() noexcept {
  try {
    tell_never_retrieved();
  } catch (...) {
    log(anchor_->loop, LogLevel::error, "An exception was never retrieved");
  }
}

void FutureBase::tell_never_retrieved() {
  const ExceptionContext context{
      task() ? "Task exception was never retrieved" : "Future exception was never retrieved",
      exception_, Handle(), text(), context_of(*this)};
  if (EventLoop* loop = anchor_->loop) {
    loop->call_exception_handler(context);
  } else {
    log(nullptr, LogLevel::error, context.message + "\n" + context.object);
  }
}

}  // namespace asyncio::detail
