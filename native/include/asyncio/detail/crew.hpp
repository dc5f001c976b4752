// Threads that do a loop's work where time is virtual.
#pragma once

#include <memory>

#include <asyncio/time.hpp>

namespace asyncio::detail {

// One job's place among those that share a virtual time. Under that clock exactly one of them goes
// on at a time, and each only until it sleeps, waits for another or ends: so a program with threads
// says the same at every run, and three threads that sleep for a second take one second.
class CrewSeat {
 public:
  CrewSeat() = default;
  CrewSeat(const CrewSeat&) = delete;
  CrewSeat& operator=(const CrewSeat&) = delete;
  virtual ~CrewSeat() = default;

  // A thread has the job, or is about to (called by who hands it out, or by the thread itself): the
  // loop's next wait lets it go on.
  virtual void assign() = 0;
  // In that thread, before the job: waits for its turn.
  virtual void begin() = 0;
  // After it.
  virtual void end() = 0;
  // It need not wait for its turn any more: somebody outside the loop waits for its end. Any
  // thread.
  virtual void set_free() = 0;
  // Around a wait for another thread. `call_back` by who ends the wait, before it does.
  virtual void step_aside() = 0;
  virtual void call_back() = 0;
  virtual void step_in() = 0;

  // A blocking sleep in that thread.
  virtual void sleep(Duration duration) = 0;

  // That of the job which this thread runs, or null.
  static CrewSeat*& of_this_thread() noexcept;
};

}  // namespace asyncio::detail
