#include <asyncio/detail/waiters.hpp>

namespace asyncio::detail {

void WaiterLine::append(Waiter& waiter) noexcept {
  waiter.line_ = this;
  waiter.before_ = last_;
  (last_ ? last_->after_ : first_) = &waiter;
  last_ = &waiter;
  ++size_;
}

void WaiterLine::remove(Waiter& waiter) noexcept {
  (waiter.before_ ? waiter.before_->after_ : first_) = waiter.after_;
  (waiter.after_ ? waiter.after_->before_ : last_) = waiter.before_;
  waiter.line_ = nullptr;
  waiter.before_ = waiter.after_ = nullptr;
  --size_;
}

Waiter* WaiterLine::first_pending() const noexcept {
  Waiter* waiter = first_;
  while (waiter && waiter->future_.done()) waiter = waiter->after_;
  return waiter;
}

bool WaiterLine::anybody_stays() const noexcept {
  for (const Waiter* waiter = first_; waiter; waiter = waiter->after_)
    if (!waiter->future_.cancelled()) return true;
  return false;
}

void WaiterLine::wake_first() {
  if (first_ && !first_->future_.done()) first_->future_.set_result();
}

bool WaiterLine::wake_next() {
  Waiter* const waiter = first_pending();
  if (waiter) waiter->future_.set_result();
  return waiter != nullptr;
}

void WaiterLine::wake(std::size_t most) {
  for (Waiter* waiter = first_; waiter && most > 0; waiter = waiter->after_) {
    if (waiter->future_.done()) continue;
    --most;
    waiter->future_.set_result();
  }
}

void WaiterLine::take_next() {
  while (first_) {
    Waiter& waiter = *first_;
    remove(waiter);
    if (waiter.future_.done()) continue;
    return waiter.future_.set_result();
  }
}

Ref<ResourceFuture> Shared::new_place(std::string_view op) {
  EventLoop& loop = get_running_loop();
  if (loop_ == 0) loop_ = loop.id();
  if (loop_ != loop.id()) throw RuntimeError(text() + " is bound to a different event loop");
  return Ref(new ResourceFuture(loop, resource_, op));
}

std::string Shared::text_of(std::string_view name, std::string_view what,
                            std::size_t waiters) const {
  std::string text = "<" + std::string(name) + " " + std::to_string(resource_.id()) + " [";
  text += what;
  if (waiters > 0) text += ", waiters:" + std::to_string(waiters);
  return text + "]>";
}

}  // namespace asyncio::detail
