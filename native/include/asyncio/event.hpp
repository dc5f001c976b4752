// Events.
#pragma once

#include <asyncio/coro.hpp>
#include <asyncio/detail/waiters.hpp>

namespace asyncio {

namespace detail {

class EventState final : public Shared {
 public:
  explicit EventState(const std::source_location& loc) : Shared("event", loc) { note("created"); }
  // `op`: what the trace says of who waits for it.
  EventState(Resource::PartOf whole, std::string_view op, bool set) noexcept
      : Shared(whole), op_(op), set_(set) {}

  bool is_set() const noexcept { return set_; }
  void set();
  void clear();
  // `self`: whoever waits keeps it.
  Coro<bool> wait(Ref<EventState> self);
  std::size_t waiters() const noexcept { return waiters_.size(); }
  std::string text() const override;

 private:
  ResourceNow now() const override;

  WaiterLine waiters_;
  std::string_view op_ = "wait";
  bool set_ = false;
};

}  // namespace detail

// A flag to wait for. A handle: copies are the same event.
//
// set() wakes all who wait, in the order in which they came; they go on in the next turn, also when
// the flag is cleared before. Bound to a loop as a Lock is.
// asyncio: Event
class Event {
 public:
  explicit Event(std::source_location loc = std::source_location::current())
      : state_(new detail::EventState(loc)) {}

  bool is_set() const noexcept { return state_->is_set(); }
  void set() const { state_->set(); }
  void clear() const { state_->clear(); }
  // True as soon as the flag is set; at once if it is.
  Coro<bool> wait() const { return state_->wait(state_); }

  // "<Event 1 [unset, waiters:2]>". Python: repr()
  friend std::string to_string(const Event& event) { return event.state_->text(); }
  friend bool operator==(const Event&, const Event&) = default;

 private:
  detail::Ref<detail::EventState> state_;
};

}  // namespace asyncio
