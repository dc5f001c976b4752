#include <asyncio/event.hpp>

namespace asyncio::detail {

void EventState::set() {
  if (set_) return;
  set_ = true;
  note("set");
  waiters_.wake(waiters_.size());
}

void EventState::clear() {
  if (!std::exchange(set_, false)) return;
  note("cleared");
}

Coro<bool> EventState::wait([[maybe_unused]] Ref<EventState> self) {
  if (set_) co_return true;
  const Ref<ResourceFuture> place = new_place(op_);
  const Waiter waiter(waiters_, *place);
  co_await Future<>(place);
  co_return true;
}

std::string EventState::text() const {
  return text_of("Event", set_ ? "set" : "unset", waiters_.size());
}

ResourceNow EventState::now() const {
  return {.state = set_ ? "set" : "not set", .waiters = waiters_.size()};
}

}  // namespace asyncio::detail
