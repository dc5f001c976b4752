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

VirtualPoller::VirtualPoller(std::shared_ptr<VirtualTime> time, bool (*may_be_woken)() noexcept,
                             std::unique_ptr<Poller> (*new_descriptors)())
    : time_(std::move(time)),
      may_be_woken_(may_be_woken),
      new_descriptors_(new_descriptors),
      bell_(std::make_shared<Bell>()) {}

VirtualPoller::~VirtualPoller() {
  if (crew_) crew_->disband();
}

void VirtualPoller::watch(int fd, Interest interest) {
  if (!new_descriptors_)
    throw std::system_error(std::make_error_code(std::errc::function_not_supported),
                            "WebAssembly has no file descriptors to wait for");
  if (interest == Interest::none && watched_.erase(fd) == 0) return;
  if (!descriptors_) {
    descriptors_ = new_descriptors_();
    descriptors_->watch(bell_->fd(), Interest::read);
  }
  descriptors_->watch(fd, interest);
  if (interest != Interest::none) watched_.insert(fd);
}

void VirtualPoller::wait(std::optional<Duration> timeout, std::vector<Ready>& ready) {
  if (crew_ && crew_->has_work()) return wait_with_crew(timeout, ready);
  if (detail::CrewSeat* const seat = detail::CrewSeat::of_this_thread())
    return wait_in_crew(*seat, timeout, ready);
  if (take_wake_and_look(ready)) return;
  if (timeout) {
    time_->advance(*timeout);
  } else if (!watched_.empty() || may_be_woken_()) {
    wait_outside_until_woken(ready);
  } else {
    throw NothingToWaitFor();
  }
}

// Whether a descriptor is ready now. The bell goes on ringing: who is called by it has not looked.
bool VirtualPoller::look(std::vector<Ready>& ready) {
  if (watched_.empty()) return false;
  descriptors_->wait(Duration{0}, ready);
  std::erase_if(ready, [this](const Ready& one) { return one.fd == bell_->fd(); });
  return !ready.empty();
}

// Whether somebody called, or a descriptor is ready now.
bool VirtualPoller::take_wake_and_look(std::vector<Ready>& ready) {
  const bool woken = take_wake();
  return look(ready) || woken;
}

// Real time passes until the bell rings or a descriptor is ready; false when neither happened.
bool VirtualPoller::wait_outside(std::optional<Duration> timeout, std::vector<Ready>& ready) {
  if (watched_.empty()) return bell_->wait(timeout);
  descriptors_->wait(timeout, ready);
  const bool rang =
      std::erase_if(ready, [this](const Ready& one) { return one.fd == bell_->fd(); }) != 0;
  if (rang) bell_->wait(Duration{0});
  return rang || !ready.empty();
}

void VirtualPoller::wait_outside_until_woken(std::vector<Ready>& ready) {
  while (!take_wake() && ready.empty()) wait_outside(std::nullopt, ready);
}

void VirtualPoller::wait_with_crew(std::optional<Duration> timeout, std::vector<Ready>& ready) {
  const Instant now = time_->now();
  const Instant end = !timeout || *timeout > Instant::max() - now ? Instant::max() : now + *timeout;
  for (;;) {
    crew_->let_ready_go_on();
    if (take_wake_and_look(ready)) return;
    const Instant next = crew_->next_deadline();
    if (next <= end && next != Instant::max()) {
      time_->advance(next - time_->now());
      continue;
    }
    // A job waits for something that takes real time: then real time passes for the loop, too.
    if (crew_->has_stuck()) {
      if (!wait_outside(timeout, ready)) return time_->advance(end - time_->now());
    } else if (timeout) {
      return time_->advance(end - time_->now());
    } else if (crew_->has_work() || !watched_.empty() || may_be_woken_()) {
      wait_outside(std::nullopt, ready);
    } else {
      throw NothingToWaitFor();
    }
    if (!ready.empty()) return;
  }
}

void VirtualPoller::wait_in_crew(detail::CrewSeat& seat, std::optional<Duration> timeout,
                                 std::vector<Ready>& ready) {
  const Instant now = time_->now();
  const Instant end = !timeout || *timeout > Instant::max() - now ? Instant::max() : now + *timeout;
  VirtualCrew& crew = *VirtualCrew::of(seat);
  if (crew_bell_ != crew.bell().get()) {
    crew_bells_.push_back(crew.bell());
    crew_bell_ = crew.bell().get();
  }
  if (take_wake_and_look(ready) || end == now) return;
  if (end == Instant::max() && !watched_.empty()) {
    seat.step_aside();
    wait_outside_until_woken(ready);
    return seat.step_in();
  }
  crew.wait(seat, end, wake_pending_);
  // Nobody lets time pass for one who need not wait for his turn.
  while (end == Instant::max() && !wake_pending_) bell_->wait();
  if (!take_wake() && time_->now() < end) time_->advance(end - time_->now());
  look(ready);  // what others wrote meanwhile
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
