// Threads that work for a loop whose time is virtual.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include <asyncio/detail/crew.hpp>
#include <asyncio/time.hpp>

#include "backends/bell.hpp"

namespace asyncio {

class VirtualTime;

// Exactly one goes on at a time: the loop, or one of the threads. The loop lets them go on while it
// waits (VirtualPoller), each until it sleeps, waits for another or ends, in the order in which
// they became ready. Time passes when all of them sleep, up to the earliest deadline.
//
// A thread that waits for something else (a lock, a file) cannot tell. The system can: when it says
// that the thread sleeps, the others go on, and the program is as it would be in real time.
class VirtualCrew : public std::enable_shared_from_this<VirtualCrew> {
 public:
  VirtualCrew(std::shared_ptr<VirtualTime> time, std::shared_ptr<Bell> bell) noexcept
      : time_(std::move(time)), bell_(std::move(bell)) {}

  // The loop's thread:
  std::unique_ptr<detail::CrewSeat> new_seat();
  // Some job is not through.
  bool has_work() const;
  // All that are ready, and those whose sleep is over, until none is.
  void let_ready_go_on();
  // The end of the earliest sleep, or Instant::max().
  Instant next_deadline() const;
  // Somebody waits for what is outside.
  bool has_stuck() const;
  // The loop ends: everybody goes on as they like.
  void disband();

  // In a thread of the crew that runs a loop of its own:
  static const std::shared_ptr<VirtualCrew>& of(detail::CrewSeat& seat);
  // Others go on until then (Instant::max(): for ever), or until `woken`, which whoever sets it
  // rings the crew's bell for.
  void wait(detail::CrewSeat& seat, Instant until, const std::atomic<bool>& woken);
  const std::shared_ptr<Bell>& bell() const noexcept { return bell_; }

 private:
  class Seat;
  enum class State : unsigned char { queued, ready, running, stuck, sleeping, aside, ended };
  Seat* first_ready();
  void let_go_on(Seat& seat, std::unique_lock<std::mutex>& lock);
  void wait_for_turn(Seat& seat, std::unique_lock<std::mutex>& lock);
  void leave(Seat& seat, State state);

  mutable std::mutex mutex_;
  std::condition_variable turn_changed_;
  std::shared_ptr<VirtualTime> time_;
  std::shared_ptr<Bell> bell_;
  std::vector<Seat*> seats_;
  Seat* current_ = nullptr;
  std::uint64_t last_place_ = 0;
  bool disbanded_ = false;
};

}  // namespace asyncio
