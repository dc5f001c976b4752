#include <algorithm>

#include <asyncio/channel.hpp>

#include "core/loop_access.hpp"

namespace asyncio::detail {

ChannelWaiter* ChannelLine::first() const noexcept {
  for (ChannelWaiter* waiter : waiters_)
    if (!waiter->future->done()) return waiter;  // else served, or cancelled
  return nullptr;
}

std::size_t ChannelLine::waiting() const noexcept {
  return static_cast<std::size_t>(std::count_if(
      waiters_.begin(), waiters_.end(), [](ChannelWaiter* each) { return !each->future->done(); }));
}

void ChannelLine::settle(ChannelWaiter::Outcome outcome, std::optional<std::uint64_t> end) {
  for (ChannelWaiter* waiter : waiters_)
    if (!waiter->future->done() && (!end || waiter->end == *end)) waiter->settle(outcome);
}

std::uint64_t ChannelCore::open_sender() noexcept {
  ++senders_;
  return ++last_end_;
}
std::uint64_t ChannelCore::open_receiver() noexcept {
  ++receivers_;
  return ++last_end_;
}

void ChannelCore::close_sender(std::uint64_t& end) {
  const std::uint64_t closed = std::exchange(end, 0);
  if (closed == 0) return;
  --senders_;
  note_closed("sender_closed");
  sending_.settle(ChannelWaiter::Outcome::closed, closed);
  if (senders_ == 0) receiving_.settle(ChannelWaiter::Outcome::ended);
}

void ChannelCore::close_receiver(std::uint64_t& end) {
  const std::uint64_t closed = std::exchange(end, 0);
  if (closed == 0) return;
  --receivers_;
  if (receivers_ == 0) drop_values();
  note_closed("receiver_closed");
  receiving_.settle(ChannelWaiter::Outcome::closed, closed);
  if (receivers_ == 0) sending_.settle(ChannelWaiter::Outcome::broken);
}

ChannelStatistics ChannelCore::statistics() const noexcept {
  return {size(), capacity_, senders_, receivers_, sending_.waiting(), receiving_.waiting()};
}

void ChannelCore::note(std::string_view op, std::optional<std::string> item) {
  resource_.note(op, [&] {
    ResourceNow now;
    const std::string full = capacity_ == unbounded ? "" : "/" + std::to_string(capacity_);
    now.state = senders_ == 0     ? "no senders"
                : receivers_ == 0 ? "no receivers"
                                  : std::to_string(size()) + full;
    now.value = static_cast<std::int64_t>(size());
    if (capacity_ != unbounded) now.limit = static_cast<std::int64_t>(capacity_);
    now.waiters = sending_.waiting() + receiving_.waiting();
    now.item = std::move(item);
    return now;
  });
}

void ChannelCore::note_closed(std::string_view end) {
  note(senders_ == 0 && receivers_ == 0 ? "closed" : end);
}

Coro<> ChannelCore::wait([[maybe_unused]] Ref<ChannelCore> self, ChannelLine& line,
                         ChannelWaiter& waiter) {
  const ChannelLine::Place place(line, waiter);
  try {
    co_await Future<>(waiter.future);
  } catch (const CancelledError& error) {
    // The value has changed hands: so it is, and the cancellation comes at the next await.
    if (waiter.outcome != ChannelWaiter::Outcome::passed) throw;
    LoopAccess::current_task(get_running_loop())->cancel_again(error.what());
  }
  switch (waiter.outcome) {
    case ChannelWaiter::Outcome::closed:
      throw ClosedResourceError();
    case ChannelWaiter::Outcome::broken:
      throw BrokenResourceError();
    case ChannelWaiter::Outcome::ended:
      throw EndOfChannel();
    case ChannelWaiter::Outcome::waiting:
    case ChannelWaiter::Outcome::passed:
      break;
  }
}

}  // namespace asyncio::detail
