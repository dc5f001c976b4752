// Turns what loops tell, and what the program prints, into one trace.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <asyncio/trace.hpp>

#include "trace/jsonl_writer.hpp"
#include "trace/posted_output.hpp"

namespace asyncio::trace {

// How much is kept; 0 is everything. What goes beyond is counted, and the trace says so in a
// `truncated` event. What is printed, and what a loop logs, has limits of its own: so many bytes
// and so many lines for each stream. It is recorded also where other events no longer are.
struct Limits {
  std::uint64_t events = 0;  // and lines
  std::uint64_t output_bytes = 0;
};

// Receives whole lines; called with what was gathered when flush() is called or enough has come
// together.
using Sink = std::function<void(std::string_view lines)>;

// Writes one trace: the header at once, then an event a line. Any thread may call it.
//
// Output is cut into lines: one event for each, and one for what stands without a line end when the
// next event comes. So the same program gives the same events however its output was buffered.
class Recorder final : public Tracer {
 public:
  // `clock` tells the time of output between turns, and the time at which the run begins.
  Recorder(const Header& header, std::shared_ptr<Clock> clock, Limits limits, Sink sink);
  ~Recorder() override;

  void on(const TraceEvent& event) noexcept override;
  // `place`: the line that writes it, where that is known; read during the call.
  void output(Stream stream, std::string_view text, const Place::Guest* place = nullptr) noexcept;
  // The same for what may be called in a signal handler, whatever that interrupted: the text comes
  // in before whatever comes next.
  void post(Stream stream, std::string_view text) noexcept;
  // Ends the lines that are not complete: time is about to pass.
  void end_lines() noexcept;
  // The last event; what comes after it is ignored. Flushes.
  void finish(const ProgramEnd& end) noexcept;
  // The same from a signal handler or out of memory: allocates nothing, and waits for other threads
  // only shortly. An event that was just being written is left out.
  void finish_in_emergency(const ProgramEnd& end) noexcept;
  // For signals that interrupt at any point: if they interrupted the recorder itself, `action` is
  // called with `argument` as soon as it is done, and true returned. False when there is nothing to
  // wait for, or when it is asked for the second time (what it is writing to may be stuck).
  static bool call_when_done(void (*action)(int) noexcept, int argument) noexcept;
  void flush() noexcept;

  // Around fork(): nobody is in the middle of an event then. In the child this recorder is of no
  // more use: the trace is its parent's.
  void before_fork() noexcept;
  void after_fork(bool in_child) noexcept;

  // For a host that may end the program at any moment: flushes after each of the first events, and
  // later whenever a callback is about to run, so that little is lost if it never returns.
  // `at_first`: not later, for the host itself flushes now and then, also while callbacks run.
  enum class Eager { no, at_first, yes };
  void set_eager(Eager eager) noexcept { eager_ = eager; }

 private:
  struct Pending {
    std::string text;
    // The line that wrote the last of it; 0 where that is not known.
    std::string func, file;
    unsigned line = 0;
    std::uint64_t kept = 0;
    std::uint64_t lines = 0;
    std::uint64_t dropped = 0;
  };

  Stamp next_stamp(Duration t, unsigned loop, std::uint64_t turn) noexcept {
    return {seq_++, t, loop, turn};
  }
  Stamp stamp_now() noexcept;
  // Every line is written through here.
  template <class E>
  void write_line(const Stamp& stamp, const E& event);
  void leave_out_broken_line() noexcept;
  void write_output(Stream stream, std::string_view text);
  // What was posted, then what is not complete.
  void write_rest_of_output();
  void take_posted();
  void add_output(Stream stream, std::string_view text, const Place::Guest* place = nullptr);
  void write_partial_lines();
  void write_partial_lines_in_emergency() noexcept;
  void write_truncated(std::string_view what, std::uint64_t dropped);
  bool flushes_singly() const noexcept;
  bool full() noexcept;
  bool has_room(Stream stream, std::size_t size);
  void flush_locked() noexcept;

  std::mutex mutex_;
  std::shared_ptr<Clock> clock_;
  Limits limits_;
  Sink sink_;
  std::string buffer_;
  std::array<Pending, 2> pending_;
  Instant origin_;
  std::uint64_t seq_ = 0;
  std::uint64_t dropped_events_ = 0;
  // Up to where the buffer has whole lines, and the number of the next one.
  std::size_t whole_lines_ = 0;
  std::uint64_t next_seq_ = 0;
  Eager eager_ = Eager::no;
  bool finished_ = false;
  std::atomic<bool> left_to_parent_ = false;
  PostedOutput posted_;
};

}  // namespace asyncio::trace
