#include <cmath>

#include <asyncio/timeout.hpp>

#include "core/loop_access.hpp"

namespace asyncio {

std::optional<Instant> detail::deadline_in(std::optional<Duration> delay) {
  EventLoop& loop = get_running_loop();
  return delay ? std::optional(loop.after(*delay)) : std::nullopt;
}

void Timeout::enter() {
  detail::TaskCore* const task = detail::LoopAccess::current_task(get_running_loop());
  if (state_ != State::created) throw RuntimeError("Timeout has already been entered");
  if (!task) throw RuntimeError("Timeout should be used inside a task");
  state_ = State::active;
  task_ = task;
  cancelling_ = task->cancelling();
  resource_.emplace("timeout", loc_);
  note("entered");
  schedule();
}

void Timeout::reschedule(std::optional<Instant> when) {
  if (state_ == State::created) throw RuntimeError("Timeout has not been entered");
  if (state_ != State::active)
    throw RuntimeError("Cannot change state of " + std::string(state_name()) + " Timeout");
  when_ = when;
  handle_.cancel();
  handle_ = {};
  note("rescheduled");
  schedule();
}

std::string_view Timeout::state_name() const noexcept {
  constexpr std::string_view names[] = {"created", "active", "expiring", "expired", "finished"};
  return names[static_cast<std::size_t>(state_)];
}

std::string Timeout::text() const {
  std::string text = "<Timeout [" + std::string(state_name()) + "]";
  if (state_ != State::active) return text + ">";
  if (!when_) return text + " when=None>";
  // Rounded to milliseconds, and with a decimal point, as Python prints it.
  const double rounded = std::round(seconds(*when_) * 1000) / 1000;
  const std::string digits = *detail::value_text(rounded);
  return text + " when=" + digits + (digits.find('.') == std::string::npos ? ".0>" : ">");
}

void Timeout::schedule() {
  if (!when_) return;
  EventLoop& loop = get_running_loop();
  auto node = detail::make_callback("timeout", [this] { on_timeout(); }, std::source_location{});
  handle_ = Handle(node);
  if (*when_ <= loop.time()) {
    detail::LoopAccess::schedule(loop, std::move(node));
  } else {
    detail::LoopAccess::schedule_at(loop, *when_, std::move(node));
  }
}

void Timeout::note(std::string_view op) {
  resource_->note(op, [this] {
    detail::ResourceNow now;
    now.state = state_name();
    if (state_ == State::active) now.when = when_;
    return now;
  });
}

void Timeout::on_timeout() {
  state_ = State::expiring;
  note("expired");
  task_->cancel_task({});
}

void Timeout::leave(std::exception_ptr error) {
  handle_.cancel();
  handle_ = {};  // its callback refers to this
  if (state_ == State::active) {
    state_ = State::finished;
    note("exited");
  } else {
    state_ = State::expired;
    note("exited");
    // Without requests besides this one, the cancellation is ours to answer for.
    const bool ours = task_->uncancel() <= cancelling_;
    if (ours && detail::is_cancellation(error)) throw TimeoutError(std::move(error));
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace asyncio
