#include "backends/virtual_time.hpp"

#include <system_error>

#include "backends/bell.hpp"
#include "backends/virtual_crew.hpp"

namespace asyncio {

Instant VirtualTime::now() const { return Instant(Duration(now_.load(std::memory_order_relaxed))); }

void VirtualTime::advance(Duration duration) {
  if (duration > Duration::zero()) now_.fetch_add(duration.count(), std::memory_order_relaxed);
}

void VirtualTime::sleep(Duration duration) {
  if (detail::CrewSeat* const seat = detail::CrewSeat::of_this_thread()) {
    seat->sleep(duration);
  } else {
    advance(duration);
  }
}

VirtualPoller::VirtualPoller(std::shared_ptr<VirtualTime> time, bool (*may_be_woken)() noexcept)
    : time_(std::move(time)), may_be_woken_(may_be_woken), bell_(std::make_shared<Bell>()) {}

VirtualPoller::~VirtualPoller() {
  if (crew_) crew_->disband();
}

void VirtualPoller::watch(int, Interest) {
  throw std::system_error(std::make_error_code(std::errc::function_not_supported),
                          "the virtual clock cannot wait for file descriptors");
}

void VirtualPoller::wait(std::optional<Duration> timeout, std::vector<Ready>&) {
  if (crew_ && crew_->has_work()) return wait_with_crew(timeout);
  if (detail::CrewSeat* const seat = detail::CrewSeat::of_this_thread())
    return wait_in_crew(*seat, timeout);
  if (take_wake()) return;
  if (timeout) {
    time_->advance(*timeout);
  } else if (may_be_woken_()) {
    while (!take_wake()) bell_->wait();
  } else {
    throw NothingToWaitFor();
  }
}

void VirtualPoller::wait_with_crew(std::optional<Duration> timeout) {
  const Instant now = time_->now();
  const Instant end = !timeout || *timeout > Instant::max() - now ? Instant::max() : now + *timeout;
  for (;;) {
    crew_->let_ready_go_on();
    if (take_wake()) return;
    const Instant next = crew_->next_deadline();
    if (next <= end && next != Instant::max()) {
      time_->advance(next - time_->now());
      continue;
    }
    // A job waits for something that takes real time: then real time passes for the loop, too.
    if (crew_->has_stuck()) {
      if (timeout && !bell_->wait(timeout)) return time_->advance(end - time_->now());
      if (!timeout) bell_->wait();
    } else if (timeout) {
      return time_->advance(end - time_->now());
    } else if (crew_->has_work() || may_be_woken_()) {
      bell_->wait();
    } else {
      throw NothingToWaitFor();
    }
  }
}

void VirtualPoller::wait_in_crew(detail::CrewSeat& seat, std::optional<Duration> timeout) {
  const Instant now = time_->now();
  const Instant end = !timeout || *timeout > Instant::max() - now ? Instant::max() : now + *timeout;
  VirtualCrew& crew = *VirtualCrew::of(seat);
  if (crew_bell_ != crew.bell().get()) {
    crew_bells_.push_back(crew.bell());
    crew_bell_ = crew.bell().get();
  }
  if (take_wake() || end == now) return;
  crew.wait(seat, end, wake_pending_);
  // Nobody lets time pass for one who need not wait for his turn.
  while (end == Instant::max() && !wake_pending_) bell_->wait();
  if (!take_wake() && time_->now() < end) time_->advance(end - time_->now());
}

void VirtualPoller::wake() noexcept {
  wake_pending_ = true;
  bell_->ring();
  if (Bell* const crew_bell = crew_bell_) crew_bell->ring();
}

std::unique_ptr<detail::CrewSeat> VirtualPoller::new_seat() {
  if (detail::CrewSeat* const seat = detail::CrewSeat::of_this_thread())
    return VirtualCrew::of(*seat)->new_seat();
  if (!crew_) crew_ = std::make_shared<VirtualCrew>(time_, bell_);
  return crew_->new_seat();
}

}  // namespace asyncio
