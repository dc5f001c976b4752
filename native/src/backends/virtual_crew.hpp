// Threads that work for a loop whose time is virtual.
#pragma once

#include <atomic>
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
// A guest whose threads all take turns has one crew for the process, which belongs to no loop: its
// leader, the thread that made it, lets the others go on whenever it waits, in a loop or not. Where
// it waits for something else, and so long that it may wait for one of them, they go on by
// themselves.
//
// A thread that waits for something else (a lock, a file) cannot tell. The system can: when it says
// that the thread sleeps, the others go on, and the program is as it would be in real time.
class VirtualCrew : public std::enable_shared_from_this<VirtualCrew> {
 public:
  VirtualCrew(std::shared_ptr<VirtualTime> time, std::shared_ptr<Bell> bell) noexcept
      : time_(std::move(time)), bell_(std::move(bell)) {}

  // The loop's thread:
  std::unique_ptr<detail::CrewSeat> new_seat();
  // In the whole process, for a quick answer.
  static bool has_seats() noexcept { return seats_in_process_.load(std::memory_order_relaxed) > 0; }
  // Some job is not through.
  bool has_work() const noexcept { return at_work_.load(std::memory_order_relaxed) > 0; }
  // All that are ready, and those whose sleep is over, until none is; false when a signal came to
  // the leader of the process's crew before.
  bool let_ready_go_on();
  // The end of the earliest sleep, or Instant::max().
  Instant next_deadline() const;
  // Somebody waits for what is outside.
  bool has_stuck() const;
  // While somebody lets the others go on: a loop's bell rings with the crew's own.
  class Leads {
   public:
    Leads(VirtualCrew& crew, Bell* loops_bell) : crew_(crew) { crew_.set_leads(true, loops_bell); }
    Leads(const Leads&) = delete;
    Leads& operator=(const Leads&) = delete;
    ~Leads() { crew_.set_leads(false, nullptr); }

   private:
    VirtualCrew& crew_;
  };
  // The loop ends: everybody goes on as they like.
  void disband();

  // The process's crew, anew: this thread leads it from now on, and is in no other.
  static void begin_in_process();
  static const std::shared_ptr<VirtualCrew>& of_process() noexcept;
  // That crew in its leader's thread, else null.
  static VirtualCrew* led_by_this_thread() noexcept;
  // Its leader waits until then (Instant::max(): for ever), or until `woken`, which whoever sets it
  // calls ring() for, or until a signal comes: the others go on.
  void lead(Instant until, const std::atomic<bool>& woken);
  // Any thread, any signal handler.
  void ring() noexcept;

  // In a thread of the crew that waits, for others or in a loop of its own:
  static const std::shared_ptr<VirtualCrew>& of(detail::CrewSeat& seat);
  // Others go on until then (Instant::max(): for ever), or until `woken`, which whoever sets it
  // rings for.
  void wait(detail::CrewSeat& seat, Instant until, const std::atomic<bool>& woken);

 private:
  class Seat;
  enum class State : unsigned char { queued, ready, running, stuck, sleeping, aside, ended };
  Seat* first_ready();
  Instant deadline() const;
  bool let_go_on(Seat& seat, std::unique_lock<std::mutex>& lock);
  void wait_for_turn(Seat& seat, std::unique_lock<std::mutex>& lock);
  void leave(Seat& seat, State state);
  void set_leads(bool leads, Bell* loops_bell);
  void look_after_leader(int& times_held_up);

  inline static std::atomic<int> seats_in_process_{0};
  mutable std::mutex mutex_;
  std::shared_ptr<VirtualTime> time_;
  std::shared_ptr<Bell> bell_;
  std::atomic<Bell*> loops_bell_{nullptr};  // where it is another
  std::vector<Seat*> seats_;
  std::atomic<int> at_work_{0};  // seats whose job is not through
  Seat* current_ = nullptr;
  std::uint64_t last_place_ = 0;
  bool disbanded_ = false;
  int leader_ = 0;  // its thread's number, of the process's crew
  bool leads_ = false;
  bool leader_is_away_ = false;  // waits for something else
};

}  // namespace asyncio
