// Time that passes only while nothing happens.
#pragma once

#include <atomic>
#include <memory>
#include <unordered_set>
#include <vector>

#include <asyncio/poller.hpp>
#include <asyncio/time.hpp>

#include "backends/bell.hpp"

namespace asyncio {

class VirtualCrew;

// A clock that starts at 0 and goes on when it is told to.
class VirtualTime final : public Clock {
 public:
  Instant now() const override;
  // What the program's own clocks show. A program that asks again and again waits for a time to
  // come, and would wait for ever: from the ten thousandth time on that no time has passed, asking
  // takes some, more and more of it. The same at every run.
  Instant ask();
  // The same for turns of a loop: how long the one that begins takes, at an instant at which many
  // have been made. Nothing at first.
  Duration turn();
  // Lets it pass.
  void pass_in_turn(Duration duration);
  void advance(Duration duration);
  // What a blocking sleep does: time passes, and the loop sees none of it. In a thread that works
  // for a loop, others go on meanwhile. False when a signal ended it, of a thread that leads a
  // crew.
  bool sleep(Duration duration);

  // The one of this process: loops that run one after another, and blocking sleeps between them,
  // share their time.
  static const std::shared_ptr<VirtualTime>& of_process();

 private:
  // Told without a lock: a signal handler asks too, to say when the program ended.
  std::atomic<Duration::rep> now_{0};
  std::atomic<Duration::rep> asked_at_{-1};
  std::atomic<unsigned> asked_{0};  // times since then, with no time passed but for the asking
  std::atomic<Duration::rep> turned_at_{-1};
  std::atomic<unsigned> turns_{0};  // since then, with no time passed but for the turning
};

// To wait is to let that much time have passed. A program that sleeps for an hour ends at once, and
// does the same at every run. Each loop has a poller of its own, for a wake() is meant for one.
//
// Where turn after turn finds something to do, time passes all the same: see turn_begins().
//
// Threads that work for the loop share its time: see VirtualCrew. A loop that runs in one of them
// is one of the crew: while it waits, the others go on.
//
// Descriptors are looked at before time passes: what the program itself writes is there by then, so
// it does the same at every run. Where somebody outside of the process may answer (a child process,
// a person), as much real time passes as he takes, until the deadline. Where no time can pass,
// descriptors are waited for in real time, too; so are other threads that may call wake(). wait()
// without a timeout throws NothingToWaitFor where there are neither.
class VirtualPoller final : public Poller {
 public:
  // `may_be_woken`: tells whether anybody else is there to call wake(). `new_descriptors`: makes
  // what descriptors are waited for with; null where there are none, in WebAssembly.
  // `is_outside`: whether others than this process are at the other end of a descriptor.
  VirtualPoller(std::shared_ptr<VirtualTime> time, bool (*may_be_woken)() noexcept,
                std::unique_ptr<Poller> (*new_descriptors)() = nullptr,
                bool (*is_outside)(int fd) noexcept = nullptr);
  ~VirtualPoller() override;

  // Throws std::system_error, ENOSYS where there are no descriptors.
  void watch(int fd, Interest interest) override;
  void wait(std::optional<Duration> timeout, std::vector<Ready>& ready) override;
  void turn_begins(Instant next) override;
  void wake() noexcept override;
  std::unique_ptr<detail::CrewSeat> new_seat() override;
  bool threads_take_turns() const override;
  std::string_view name() const noexcept override { return "virtual"; }

 private:
  bool take_wake() noexcept { return wake_pending_.exchange(false); }
  VirtualCrew* crew() const noexcept;
  void wait_with_crew(VirtualCrew& crew, std::optional<Duration> timeout,
                      std::vector<Ready>& ready);
  void wait_in_crew(detail::CrewSeat& seat, std::optional<Duration> timeout,
                    std::vector<Ready>& ready);
  bool look(std::vector<Ready>& ready);
  bool take_wake_and_look(std::vector<Ready>& ready);
  Bell::Heard wait_outside(std::optional<Duration> timeout, std::vector<Ready>& ready);
  bool somebody_may_answer() const noexcept;
  bool wait_for_answer(Duration timeout, std::vector<Ready>& ready);
  Bell::Heard wait_for_others(std::vector<Ready>& ready);
  void wait_outside_until_woken(std::vector<Ready>& ready);

  std::shared_ptr<VirtualTime> time_;
  bool (*may_be_woken_)() noexcept;
  std::unique_ptr<Poller> (*new_descriptors_)();
  std::unique_ptr<Poller> descriptors_;  // made for the first one; the bell is among them
  bool (*is_outside_)(int fd) noexcept;
  std::unordered_set<int> watched_;
  std::unordered_set<int> outside_;  // of those, who others than this process may answer by
  std::atomic<bool> wake_pending_{false};
  std::shared_ptr<Bell> bell_;
  std::shared_ptr<VirtualCrew> crew_;                    // made for the first thread
  std::vector<std::shared_ptr<VirtualCrew>> waited_in_;  // crews of others
  std::atomic<VirtualCrew*> latest_waited_in_{nullptr};
};

}  // namespace asyncio
