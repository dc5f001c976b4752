#include "backends/virtual_time.hpp"

#include <algorithm>
#include <system_error>

#include "backends/bell.hpp"
#include "backends/process.hpp"
#include "backends/virtual_crew.hpp"

namespace asyncio {

Instant VirtualTime::now() const { return Instant(Duration(now_.load(std::memory_order_relaxed))); }

Instant VirtualTime::ask() {
  constexpr unsigned kPatience = 10'000;
  constexpr unsigned kDoublings = 10;  // from a microsecond to a millisecond
  const Instant asked_at = now();
  const auto count = asked_at.time_since_epoch().count();
  if (asked_at_.exchange(count, std::memory_order_relaxed) != count)
    asked_.store(0, std::memory_order_relaxed);
  const unsigned asked = asked_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (asked < kPatience) return asked_at;
  advance(std::chrono::microseconds(1) * (1 << std::min(asked / kPatience - 1, kDoublings)));
  asked_at_.store(now().time_since_epoch().count(), std::memory_order_relaxed);
  return now();
}

Duration VirtualTime::turn() {
  constexpr unsigned kFree = 2'000;
  constexpr unsigned kSteady = 10'000;
  constexpr unsigned kDoubleAfter = 1'000;
  constexpr unsigned kDoublings = 30;  // up to three hours
  constexpr Duration kTurn = std::chrono::microseconds(10);
  const auto count = now().time_since_epoch().count();
  if (turned_at_.exchange(count, std::memory_order_relaxed) != count)
    turns_.store(0, std::memory_order_relaxed);
  const unsigned turns = turns_.fetch_add(1, std::memory_order_relaxed);
  if (turns < kFree) return Duration{0};
  if (turns < kSteady) return kTurn;
  return kTurn * (1LL << std::min((turns - kSteady) / kDoubleAfter + 1, kDoublings));
}

void VirtualTime::pass_in_turn(Duration duration) {
  advance(duration);
  turned_at_.store(now().time_since_epoch().count(), std::memory_order_relaxed);
}

void VirtualTime::advance(Duration duration) {
  if (duration > Duration::zero()) now_.fetch_add(duration.count(), std::memory_order_relaxed);
}

bool VirtualTime::sleep(Duration duration) {
  if (detail::CrewSeat* const seat = detail::CrewSeat::of_this_thread()) {
    seat->sleep(duration);
  } else if (VirtualCrew* const crew = VirtualCrew::led_by_this_thread();
             crew && crew->has_work()) {
    const Instant until = now() + std::max(duration, Duration::zero());
    crew->lead(until, std::atomic<bool>{false});
    return now() >= until;
  } else {
    advance(duration);
  }
  return true;
}

VirtualPoller::VirtualPoller(std::shared_ptr<VirtualTime> time, bool (*may_be_woken)() noexcept,
                             std::unique_ptr<Poller> (*new_descriptors)(),
                             bool (*is_outside)(int fd) noexcept)
    : time_(std::move(time)),
      may_be_woken_(may_be_woken),
      new_descriptors_(new_descriptors),
      is_outside_(is_outside),
      bell_(std::make_shared<Bell>()) {}

VirtualPoller::~VirtualPoller() {
  if (crew_) crew_->disband();
}

void VirtualPoller::watch(int fd, Interest interest) {
  if (!new_descriptors_)
    throw std::system_error(std::make_error_code(std::errc::function_not_supported),
                            "WebAssembly has no file descriptors to wait for");
  if (interest == Interest::none) outside_.erase(fd);
  if (interest == Interest::none && watched_.erase(fd) == 0) return;
  if (!descriptors_) {
    descriptors_ = new_descriptors_();
    descriptors_->watch(bell_->fd(), Interest::read);
  }
  descriptors_->watch(fd, interest);
  if (interest != Interest::none && watched_.insert(fd).second && is_outside_ && is_outside_(fd))
    outside_.insert(fd);
}

void VirtualPoller::wait(std::optional<Duration> timeout, std::vector<Ready>& ready) {
  if (VirtualCrew* const ours = crew(); ours && ours->has_work())
    return wait_with_crew(*ours, timeout, ready);
  if (detail::CrewSeat* const seat = detail::CrewSeat::of_this_thread())
    return wait_in_crew(*seat, timeout, ready);
  if (take_wake_and_look(ready)) return;
  if (timeout && somebody_may_answer()) {
    wait_for_answer(*timeout, ready);
    return;
  }
  if (timeout) return time_->advance(*timeout);
  while (!take_wake() && ready.empty())
    if (wait_for_others(ready) == Bell::Heard::signal && VirtualCrew::led_by_this_thread()) return;
}

// Never beyond what is due next: that is to happen at its time.
void VirtualPoller::turn_begins(Instant next) {
  const Duration takes = time_->turn();
  if (takes == Duration::zero()) return;
  const Instant now = time_->now();
  if (detail::CrewSeat* const seat = detail::CrewSeat::of_this_thread())
    return seat->sleep(std::clamp(Duration(next - now), Duration::zero(), takes));
  if (VirtualCrew* const ours = crew(); ours && ours->has_work())
    next = std::min(next, ours->next_deadline());
  if (next > now) time_->pass_in_turn(std::min(Duration(next - now), takes));
}

// The crew that goes on while this loop waits.
VirtualCrew* VirtualPoller::crew() const noexcept {
  return crew_ ? crew_.get() : VirtualCrew::led_by_this_thread();
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

// Real time passes until the bell rings or a descriptor is ready, which counts as a ring.
Bell::Heard VirtualPoller::wait_outside(std::optional<Duration> timeout,
                                        std::vector<Ready>& ready) {
  if (watched_.empty()) return bell_->wait(timeout);
  descriptors_->wait(timeout, ready);
  const bool rang =
      std::erase_if(ready, [this](const Ready& one) { return one.fd == bell_->fd(); }) != 0;
  if (rang) bell_->wait(Duration{0});
  return rang || !ready.empty() ? Bell::Heard::ring : Bell::Heard::nothing;
}

bool VirtualPoller::somebody_may_answer() const noexcept {
  return !outside_.empty() || expected_answers.load(std::memory_order_relaxed) > 0;
}

// As much time passes as the answer takes. False where none came in time.
bool VirtualPoller::wait_for_answer(Duration timeout, std::vector<Ready>& ready) {
  if (timeout <= Duration::zero()) return false;
  const Duration begin = really_now();
  const Bell::Heard heard = wait_outside(timeout, ready);
  const bool woken = take_wake();
  const bool answered = woken || !ready.empty() || heard != Bell::Heard::nothing;
  time_->advance(answered ? std::min<Duration>(really_now() - begin, timeout) : timeout);
  return answered;
}

// Where no time can pass. A thread that might have called may be about to end, and does not say so.
Bell::Heard VirtualPoller::wait_for_others(std::vector<Ready>& ready) {
  constexpr Duration kLook = std::chrono::milliseconds(100);
  constexpr Duration kLookAgain = std::chrono::milliseconds(2);
  if (!watched_.empty()) return wait_outside(std::nullopt, ready);
  if (may_be_woken_()) return wait_outside(kLook, ready);
  // The system's list of threads may be cut off while one of them ends.
  const Bell::Heard heard = wait_outside(kLookAgain, ready);
  if (heard == Bell::Heard::nothing && !may_be_woken_()) throw NothingToWaitFor();
  return heard;
}

void VirtualPoller::wait_outside_until_woken(std::vector<Ready>& ready) {
  while (!take_wake() && ready.empty()) wait_outside(std::nullopt, ready);
}

void VirtualPoller::wait_with_crew(VirtualCrew& crew, std::optional<Duration> timeout,
                                   std::vector<Ready>& ready) {
  const VirtualCrew::Leads leads(crew, bell_.get());
  const Instant now = time_->now();
  const Instant end = !timeout || *timeout > Instant::max() - now ? Instant::max() : now + *timeout;
  for (;;) {
    const bool through = crew.let_ready_go_on();
    if (take_wake_and_look(ready) || !through) return;
    const Instant next = crew.next_deadline();
    if (const Instant due = std::min(next, end); due != Instant::max() && somebody_may_answer()) {
      if (wait_for_answer(due - time_->now(), ready) || time_->now() >= end) return;
      continue;
    }
    if (next <= end && next != Instant::max()) {
      time_->advance(next - time_->now());
      continue;
    }
    // A job waits for something that takes real time: then real time passes for the loop, too.
    if (crew.has_stuck()) {
      const Bell::Heard heard = wait_outside(timeout, ready);
      if (heard == Bell::Heard::nothing) return time_->advance(end - time_->now());
      if (heard == Bell::Heard::signal && VirtualCrew::led_by_this_thread()) return;
    } else if (timeout) {
      return time_->advance(end - time_->now());
    } else {
      const Bell::Heard heard = wait_for_others(ready);
      if (heard == Bell::Heard::signal && VirtualCrew::led_by_this_thread()) return;
    }
    if (!ready.empty()) return;
  }
}

void VirtualPoller::wait_in_crew(detail::CrewSeat& seat, std::optional<Duration> timeout,
                                 std::vector<Ready>& ready) {
  const Instant now = time_->now();
  const Instant end = !timeout || *timeout > Instant::max() - now ? Instant::max() : now + *timeout;
  VirtualCrew& crew = *VirtualCrew::of(seat);
  if (latest_waited_in_ != &crew) {
    waited_in_.push_back(VirtualCrew::of(seat));
    latest_waited_in_ = &crew;
  }
  if (take_wake_and_look(ready) || end == now) return;
  if (end != Instant::max() && somebody_may_answer()) {
    seat.step_aside();
    wait_for_answer(end - now, ready);
    return seat.step_in();
  }
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
  if (VirtualCrew* const crew = latest_waited_in_) crew->ring();
}

std::unique_ptr<detail::CrewSeat> VirtualPoller::new_seat() {
  if (detail::CrewSeat* const seat = detail::CrewSeat::of_this_thread())
    return VirtualCrew::of(*seat)->new_seat();
  if (!crew()) crew_ = std::make_shared<VirtualCrew>(time_, bell_);
  return crew()->new_seat();
}

bool VirtualPoller::threads_take_turns() const {
  if (somebody_may_answer()) return true;
  if (!VirtualCrew::has_seats()) return false;
  if (detail::CrewSeat::of_this_thread()) return true;
  const VirtualCrew* const ours = crew();
  return ours && ours->has_work();
}

}  // namespace asyncio
