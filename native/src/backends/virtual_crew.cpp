#include "backends/virtual_crew.hpp"

#include <algorithm>

#include "backends/process.hpp"
#include "backends/virtual_time.hpp"

namespace asyncio {

class VirtualCrew::Seat final : public detail::CrewSeat {
 public:
  explicit Seat(std::shared_ptr<VirtualCrew> crew) noexcept : crew_(std::move(crew)) {}
  ~Seat() override {
    const std::lock_guard lock(crew_->mutex_);
    std::erase(crew_->seats_, this);
  }

  void assign() override {
    const std::lock_guard lock(crew_->mutex_);
    if (state == State::queued) make_ready();
  }
  void begin() override {
    of_this_thread() = this;
    std::unique_lock lock(crew_->mutex_);
    thread = this_thread_number();
    if (state == State::queued) make_ready();
    crew_->wait_for_turn(*this, lock);
  }
  void end() override {
    of_this_thread() = nullptr;
    const std::lock_guard lock(crew_->mutex_);
    crew_->leave(*this, State::ended);
  }
  void set_free() override {
    const std::lock_guard lock(crew_->mutex_);
    is_free = true;
    crew_->turn_changed_.notify_all();
  }
  void sleep(Duration duration) override {
    std::unique_lock lock(crew_->mutex_);
    until = crew_->time_->now() + std::max(duration, Duration::zero());
    crew_->leave(*this, State::sleeping);
    place = ++crew_->last_place_;
    crew_->wait_for_turn(*this, lock);
    // Nobody lets time pass for one who need not wait for his turn.
    if (crew_->time_->now() < until) crew_->time_->advance(until - crew_->time_->now());
  }
  void step_aside() override {
    const std::lock_guard lock(crew_->mutex_);
    crew_->leave(*this, State::aside);
  }
  void call_back() override {
    const std::lock_guard lock(crew_->mutex_);
    make_ready();
    crew_->bell_->ring();
  }
  const std::shared_ptr<VirtualCrew>& crew() const noexcept { return crew_; }
  void step_in() override {
    std::unique_lock lock(crew_->mutex_);
    if (state == State::aside) make_ready();
    crew_->wait_for_turn(*this, lock);
  }

  State state = State::queued;
  bool is_free = false;
  int thread = 0;                            // 0 until it is there
  std::uint64_t place = 0;                   // in line
  Instant until{};                           // the end of its sleep
  const std::atomic<bool>* woken = nullptr;  // what else may end it, of a loop that waits

 private:
  void make_ready() {
    state = State::ready;
    place = ++crew_->last_place_;
  }
  std::shared_ptr<VirtualCrew> crew_;
};

std::unique_ptr<detail::CrewSeat> VirtualCrew::new_seat() {
  auto seat = std::make_unique<Seat>(shared_from_this());
  const std::lock_guard lock(mutex_);
  seats_.push_back(seat.get());
  return seat;
}

const std::shared_ptr<VirtualCrew>& VirtualCrew::of(detail::CrewSeat& seat) {
  return static_cast<Seat&>(seat).crew();
}

void VirtualCrew::wait(detail::CrewSeat& seat_of_thread, Instant until,
                       const std::atomic<bool>& woken) {
  auto& seat = static_cast<Seat&>(seat_of_thread);
  std::unique_lock lock(mutex_);
  seat.until = until;
  seat.woken = &woken;
  seat.place = ++last_place_;
  leave(seat, until == Instant::max() ? State::aside : State::sleeping);
  wait_for_turn(seat, lock);
  seat.woken = nullptr;
}

bool VirtualCrew::has_work() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(seats_.begin(), seats_.end(),
                     [](const Seat* seat) { return seat->state != State::ended; });
}

bool VirtualCrew::has_stuck() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(seats_.begin(), seats_.end(),
                     [](const Seat* seat) { return seat->state == State::stuck; });
}

Instant VirtualCrew::next_deadline() const {
  const std::lock_guard lock(mutex_);
  Instant earliest = Instant::max();
  for (const Seat* seat : seats_)
    if (seat->state == State::sleeping) earliest = std::min(earliest, seat->until);
  return earliest;
}

void VirtualCrew::wait_for_turn(Seat& seat, std::unique_lock<std::mutex>& lock) {
  turn_changed_.wait(lock, [&] { return current_ == &seat || seat.is_free || disbanded_; });
  if (current_ != &seat) seat.state = State::running;
}

void VirtualCrew::leave(Seat& seat, State state) {
  seat.state = state;
  if (current_ == &seat) current_ = nullptr;
  bell_->ring();
}

// In the order of their deadlines, of those who sleep, and then of their coming.
VirtualCrew::Seat* VirtualCrew::first_ready() {
  const Instant now = time_->now();
  Seat* first = nullptr;
  for (Seat* seat : seats_) {
    const bool awake = (seat->state == State::sleeping && seat->until <= now) ||
                       (seat->woken != nullptr && *seat->woken);
    if (!awake && seat->state != State::ready) continue;
    if (!first || seat->place < first->place) first = seat;
  }
  return first;
}

void VirtualCrew::let_ready_go_on() {
  std::unique_lock lock(mutex_);
  while (Seat* seat = first_ready()) let_go_on(*seat, lock);
}

void VirtualCrew::let_go_on(Seat& seat, std::unique_lock<std::mutex>& lock) {
  constexpr Duration kLook = std::chrono::milliseconds(20);
  current_ = &seat;
  seat.state = State::running;
  turn_changed_.notify_all();
  for (int times_asleep = 0; current_ == &seat;) {
    const int thread = seat.thread;
    lock.unlock();
    const bool rang = bell_->wait(kLook);
    const bool asleep = !rang && thread != 0 && thread_sleeps(thread);
    lock.lock();
    times_asleep = asleep ? times_asleep + 1 : 0;
    if (current_ == &seat && times_asleep == 2) {
      seat.state = State::stuck;
      current_ = nullptr;
    }
  }
}

void VirtualCrew::disband() {
  const std::lock_guard lock(mutex_);
  disbanded_ = true;
  turn_changed_.notify_all();
}

}  // namespace asyncio
