#include "backends/virtual_crew.hpp"

#include <algorithm>
#include <condition_variable>
#include <optional>

#include "backends/process.hpp"
#include "backends/virtual_time.hpp"

namespace asyncio {

namespace {

constexpr Duration kLook = std::chrono::milliseconds(20);

}  // namespace

class VirtualCrew::Seat final : public detail::CrewSeat {
 public:
  explicit Seat(std::shared_ptr<VirtualCrew> crew) noexcept : crew_(std::move(crew)) {
    ++crew_->at_work_;
    ++seats_in_process_;
  }
  ~Seat() override {
    const std::lock_guard lock(crew_->mutex_);
    if (state_ != State::ended) crew_->leave(*this, State::ended);
    std::erase(crew_->seats_, this);
    --seats_in_process_;
  }

  void assign() override {
    const std::lock_guard lock(crew_->mutex_);
    if (state_ == State::queued) make_ready();
  }
  void begin() override {
    of_this_thread() = this;
    std::unique_lock lock(crew_->mutex_);
    thread = this_thread_number();
    if (state_ == State::queued) make_ready();
    crew_->wait_for_turn(*this, lock);
  }
  void end() override {
    if (of_this_thread() == this) of_this_thread() = nullptr;
    const std::lock_guard lock(crew_->mutex_);
    crew_->leave(*this, State::ended);
  }
  void set_free() override {
    const std::lock_guard lock(crew_->mutex_);
    is_free = true;
    turn_changed.notify_all();
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
    crew_->ring();
  }
  const std::shared_ptr<VirtualCrew>& crew() const noexcept { return crew_; }
  void step_in() override {
    std::unique_lock lock(crew_->mutex_);
    if (state_ == State::aside) make_ready();
    crew_->wait_for_turn(*this, lock);
  }

  State state() const noexcept { return state_; }
  void become(State next) noexcept {
    // Who steps aside does nothing until somebody else does.
    resting_threads += static_cast<int>(next == State::aside) - (state_ == State::aside ? 1 : 0);
    if (next == State::ended && state_ != State::ended) --crew_->at_work_;
    state_ = next;
  }

  std::condition_variable turn_changed;
  bool is_free = false;
  int thread = 0;                            // 0 until it is there
  std::uint64_t place = 0;                   // in line
  Instant until{};                           // the end of its sleep
  const std::atomic<bool>* woken = nullptr;  // what else may end it, of a loop that waits

 private:
  void make_ready() {
    become(State::ready);
    place = ++crew_->last_place_;
  }
  State state_ = State::queued;
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

bool VirtualCrew::has_stuck() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(seats_.begin(), seats_.end(),
                     [](const Seat* seat) { return seat->state() == State::stuck; });
}

Instant VirtualCrew::next_deadline() const {
  const std::lock_guard lock(mutex_);
  return deadline();
}

Instant VirtualCrew::deadline() const {
  Instant earliest = Instant::max();
  for (const Seat* seat : seats_)
    if (seat->state() == State::sleeping) earliest = std::min(earliest, seat->until);
  return earliest;
}

void VirtualCrew::wait_for_turn(Seat& seat, std::unique_lock<std::mutex>& lock) {
  int times_held_up = 0;
  while (current_ != &seat && !seat.is_free && !disbanded_) {
    if (leader_ == 0) {
      seat.turn_changed.wait(lock);
    } else if (!wait_really(seat.turn_changed, lock, kLook)) {
      look_after_leader(times_held_up);
    }
  }
  if (current_ != &seat) seat.become(State::running);
}

void VirtualCrew::leave(Seat& seat, State state) {
  seat.become(state);
  if (current_ == &seat) current_ = nullptr;
  ring();
}

// With the lock: who rings with it has the bell as long as it does.
void VirtualCrew::set_leads(bool leads, Bell* loops_bell) {
  const std::lock_guard lock(mutex_);
  leads_ = leads;
  leader_is_away_ = false;
  loops_bell_ = loops_bell == bell_.get() ? nullptr : loops_bell;
}

// By one who waits for its turn, again and again.
void VirtualCrew::look_after_leader(int& times_held_up) {
  constexpr int kPatience = 50;
  const bool others_look = leads_ || (current_ && !leader_is_away_);
  const int thread = current_ ? current_->thread : leader_;
  times_held_up = !others_look && thread != 0 && thread_sleeps(thread) ? times_held_up + 1 : 0;
  if (times_held_up < (leader_is_away_ ? 2 : kPatience)) return;
  times_held_up = 0;
  leader_is_away_ = true;
  if (current_) current_->become(State::stuck);
  current_ = first_ready();
  if (const Instant next = deadline(); !current_ && next != Instant::max()) {
    time_->advance(next - time_->now());
    current_ = first_ready();
  }
  if (!current_) return;
  current_->become(State::running);
  current_->turn_changed.notify_all();
}

void VirtualCrew::ring() noexcept {
  bell_->ring();
  if (Bell* const bell = loops_bell_) bell->ring();
}

// In the order of their deadlines, of those who sleep, and then of their coming.
VirtualCrew::Seat* VirtualCrew::first_ready() {
  const Instant now = time_->now();
  Seat* first = nullptr;
  for (Seat* seat : seats_) {
    const bool awake = (seat->state() == State::sleeping && seat->until <= now) ||
                       (seat->woken != nullptr && *seat->woken);
    if (!awake && seat->state() != State::ready) continue;
    if (!first || seat->place < first->place) first = seat;
  }
  return first;
}

bool VirtualCrew::let_ready_go_on() {
  std::unique_lock lock(mutex_);
  // One may be on the way since the leader was away.
  while (Seat* seat = current_ ? current_ : first_ready())
    if (!let_go_on(*seat, lock)) return false;
  return true;
}

bool VirtualCrew::let_go_on(Seat& seat, std::unique_lock<std::mutex>& lock) {
  current_ = &seat;
  seat.become(State::running);
  seat.turn_changed.notify_all();
  for (int times_asleep = 0; current_ == &seat;) {
    const int thread = seat.thread;
    lock.unlock();
    const Bell::Heard heard = bell_->wait(kLook);
    const bool asleep = heard == Bell::Heard::nothing && thread != 0 && thread_sleeps(thread);
    // The guest deals with signals in the leader's thread, which this one must not hold up.
    const bool signal = heard == Bell::Heard::signal && led_by_this_thread() == this;
    lock.lock();
    times_asleep = asleep ? times_asleep + 1 : 0;
    if (current_ == &seat && (times_asleep == 2 || signal)) {
      seat.become(State::stuck);
      current_ = nullptr;
    }
    if (signal) return false;
  }
  return true;
}

void VirtualCrew::disband() {
  const std::lock_guard lock(mutex_);
  disbanded_ = true;
  for (Seat* seat : seats_) seat->turn_changed.notify_all();
}

// -- The process's crew ---------------------------------------------------------------------------------------------------

namespace {

constinit thread_local VirtualCrew* led = nullptr;

std::shared_ptr<VirtualCrew>& process_crew() {
  // Threads may be left when the process ends.
  static auto& instance = *new std::shared_ptr<VirtualCrew>;
  return instance;
}

}  // namespace

void VirtualCrew::begin_in_process() {
  // The one before is that of a process which this one is a copy of: its threads are not here.
  if (process_crew()) new std::shared_ptr<VirtualCrew>(process_crew());
  process_crew() =
      std::make_shared<VirtualCrew>(VirtualTime::of_process(), std::make_shared<Bell>());
  led = process_crew().get();
  led->leader_ = this_thread_number();
  detail::CrewSeat::of_this_thread() = nullptr;
}

const std::shared_ptr<VirtualCrew>& VirtualCrew::of_process() noexcept { return process_crew(); }

VirtualCrew* VirtualCrew::led_by_this_thread() noexcept { return led; }

void VirtualCrew::lead(Instant until, const std::atomic<bool>& woken) {
  const Leads leads(*this, nullptr);
  while (let_ready_go_on() && !woken) {
    const Instant now = time_->now();
    const Instant next = next_deadline();
    if (next <= until && next != Instant::max()) {
      time_->advance(next - now);
      continue;
    }
    const bool for_ever = until == Instant::max();
    if (!for_ever && !has_stuck()) return time_->advance(until - now);
    const auto limit = for_ever ? std::nullopt : std::optional(until - now);
    const Bell::Heard heard = bell_->wait(limit);
    if (heard == Bell::Heard::signal) return;
    if (heard == Bell::Heard::nothing) return time_->advance(until - now);
  }
}

}  // namespace asyncio
