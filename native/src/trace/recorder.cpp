#include "trace/recorder.hpp"

#include <atomic>
#include <cerrno>
#include <thread>
#include <type_traits>
#include <utility>

#include <asyncio/event_loop.hpp>

namespace asyncio::trace {

namespace {

constexpr std::size_t kFlushAt = 64 * 1024;
constexpr std::uint64_t kFlushedSingly =
    2000;  // by an eager recorder; later it would cost too much
constexpr std::size_t kLongestLine = 64 * 1024;
constexpr std::size_t kEmergencyRoom = 1024;  // for the last event, when nothing can be allocated

// Where to cut a text that is too long for one event: at most `limit`, not within a UTF-8
// character.
std::size_t cut_at(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text.size();
  std::size_t cut = limit;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return cut == 0 ? limit : cut;
}

// What a thread is doing in a recorder, for the signal handlers that run on it.
thread_local unsigned recorders_entered = 0;
thread_local void (*postponed_action)(int) noexcept = nullptr;
thread_local int postponed_argument = 0;

// Around everything that locks. Made before the lock, so that it ends after it. The program does
// not see that the trace called the C library.
class Entered {
 public:
  Entered() noexcept : errno_(errno) {
    ++recorders_entered;
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;
  ~Entered() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    const bool last = --recorders_entered == 0;
    if (last && postponed_action) std::exchange(postponed_action, nullptr)(postponed_argument);
    errno = errno_;
  }

 private:
  int errno_;
};

// Another thread may be writing: it will be done soon, unless it crashed too.
bool lock_soon(std::unique_lock<std::mutex>& lock) {
  constexpr int kTries = 100'000;
  for (int tries = 0; tries < kTries; ++tries) {
    if (lock.try_lock()) return true;
    std::this_thread::yield();
  }
  return false;
}

}  // namespace

bool Recorder::call_when_done(void (*action)(int) noexcept, int argument) noexcept {
  if (recorders_entered == 0 || postponed_action) return false;
  postponed_argument = argument;
  postponed_action = action;
  return true;
}

Recorder::Recorder(const Header& header, std::shared_ptr<Clock> clock, Limits limits, Sink sink)
    : clock_(std::move(clock)), limits_(limits), sink_(std::move(sink)), origin_(clock_->now()) {
  buffer_.reserve(kFlushAt + 2 * kLongestLine + kEmergencyRoom);
  write_header(buffer_, header);
  whole_lines_ = buffer_.size();
}

template <class E>
void Recorder::write_line(const Stamp& stamp, const E& event) {
  if constexpr (std::is_same_v<E, What>)
    write_event(buffer_, stamp, event, origin_);
  else
    write_event(buffer_, stamp, event);
  std::atomic_signal_fence(std::memory_order_release);
  whole_lines_ = buffer_.size();
  next_seq_ = seq_;
}

void Recorder::leave_out_broken_line() noexcept {
  if (whole_lines_ < buffer_.size()) buffer_.resize(whole_lines_);
  seq_ = next_seq_;
}

Recorder::~Recorder() { flush(); }

Stamp Recorder::stamp_now() noexcept {
  const EventLoop* loop = running_loop();
  return next_stamp(clock_->now() - origin_, loop ? loop->id() : 0, loop ? loop->turns() : 0);
}

bool Recorder::full() noexcept {
  if (limits_.events == 0 || seq_ < limits_.events) return false;
  if (dropped_events_++ == 0) {
    write_truncated("events", 1);
    flush_locked();  // nothing comes after it that would
  }
  return true;
}

void Recorder::on(const TraceEvent& event) noexcept {
  if (left_to_parent_) return;
  const Entered entered;
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  write_rest_of_output();
  if (const auto* log = std::get_if<Log>(&event.what)) {
    if (!has_room(Stream::standard_error, log->text.size())) return;
  } else if (full()) {
    return;
  }
  write_line(next_stamp(event.t - origin_, event.loop, event.turn), event.what);
  const bool waits = std::holds_alternative<TurnBegin>(event.what) &&
                     std::get<TurnBegin>(event.what).timeout != Duration::zero();
  const bool at_once =
      flushes_singly() || (eager_ == Eager::yes && std::holds_alternative<RunBegin>(event.what));
  if (buffer_.size() >= kFlushAt || waits || at_once) flush_locked();
}

void Recorder::output(Stream stream, std::string_view text, const Place::Guest* place) noexcept {
  if (left_to_parent_) return;
  const Entered entered;
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  take_posted();
  add_output(stream, text, place);
}

void Recorder::post(Stream stream, std::string_view text) noexcept {
  if (left_to_parent_ || posted_.add(stream, text)) return;
  // A flood, and hardly from a signal handler. In one that interrupted the recorder it is lost.
  if (recorders_entered == 0) output(stream, text);
}

void Recorder::take_posted() {
  posted_.take_all(
      [](void* self, Stream stream, std::string_view text) {
        static_cast<Recorder*>(self)->add_output(stream, text);
      },
      this);
}

void Recorder::add_output(Stream stream, std::string_view text, const Place::Guest* place) {
  Pending& of_stream = pending_[static_cast<std::size_t>(stream)];
  of_stream.func = place ? place->func : "";
  of_stream.file = place ? place->file : "";
  of_stream.line = place ? place->line : 0;
  std::string& pending = of_stream.text;
  pending += text;
  std::size_t begin = 0;
  for (;;) {
    const std::string_view rest = std::string_view(pending).substr(begin);
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos && rest.size() < kLongestLine) break;
    const std::size_t length =
        cut_at(rest.substr(0, end == std::string_view::npos ? end : end + 1), kLongestLine);
    write_output(stream, rest.substr(0, length));
    begin += length;
  }
  pending.erase(0, begin);
  const bool at_once = eager_ == Eager::yes || flushes_singly();
  if (begin > 0 && (at_once || buffer_.size() >= kFlushAt)) flush_locked();
}

bool Recorder::flushes_singly() const noexcept {
  return eager_ != Eager::no && seq_ < kFlushedSingly;
}

bool Recorder::has_room(Stream stream, std::size_t size) {
  Pending& of_stream = pending_[static_cast<std::size_t>(stream)];
  const bool bytes = limits_.output_bytes == 0 || of_stream.kept + size <= limits_.output_bytes;
  const bool lines = limits_.events == 0 || of_stream.lines < limits_.events;
  if (bytes && lines) {
    of_stream.kept += size;
    ++of_stream.lines;
    return true;
  }
  if (of_stream.dropped == 0) write_truncated("output", size);
  of_stream.dropped += size;
  return false;
}

void Recorder::write_output(Stream stream, std::string_view text) {
  if (!has_room(stream, text.size())) return;
  const Pending& of_stream = pending_[static_cast<std::size_t>(stream)];
  const Place::Guest place{of_stream.func, of_stream.file, of_stream.line};
  Output output{stream, text};
  if (place.line != 0) output.loc = Place{{}, false, &place};
  write_line(stamp_now(), output);
}

void Recorder::write_rest_of_output() {
  take_posted();
  write_partial_lines();
}

void Recorder::write_partial_lines() {
  for (const Stream stream : {Stream::standard_output, Stream::standard_error}) {
    std::string& pending = pending_[static_cast<std::size_t>(stream)].text;
    if (pending.empty()) continue;
    write_output(stream, pending);
    pending.clear();
  }
}

void Recorder::write_truncated(std::string_view what, std::uint64_t dropped) {
  write_line(stamp_now(), Truncated{what, dropped});
}

void Recorder::end_lines() noexcept {
  if (left_to_parent_) return;
  const Entered entered;
  const std::lock_guard lock(mutex_);
  if (!finished_) write_rest_of_output();
}

void Recorder::finish(const ProgramEnd& end) noexcept {
  if (left_to_parent_) return;
  const Entered entered;
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  write_rest_of_output();
  if (dropped_events_ > 1) write_truncated("events", dropped_events_);
  for (const Pending& pending : pending_)
    if (pending.dropped > 0) write_truncated("output", pending.dropped);
  write_line(stamp_now(), end);
  finished_ = true;
  flush_locked();
}

void Recorder::finish_in_emergency(const ProgramEnd& end) noexcept {
  if (left_to_parent_) return;
  std::unique_lock lock(mutex_, std::defer_lock);
  // Where this very thread was writing, it never will be done.
  const bool interrupted = recorders_entered > 0;
  if (!interrupted) lock_soon(lock);
  if (finished_) return;
  finished_ = true;
  leave_out_broken_line();
  flush_locked();
  if (!interrupted) write_partial_lines_in_emergency();
  ProgramEnd last = end;
  last.error = last.error.substr(0, cut_at(last.error, kEmergencyRoom / 8));
  write_line(stamp_now(), last);
  flush_locked();
}

// Their beginnings, if they are long: the buffer is empty, and must not grow.
void Recorder::write_partial_lines_in_emergency() noexcept {
  constexpr std::size_t kLongestEscape = 6;
  constexpr std::size_t kMost = kLongestLine / kLongestEscape;
  for (const Stream stream : {Stream::standard_output, Stream::standard_error}) {
    const std::string_view text = pending_[static_cast<std::size_t>(stream)].text;
    if (!text.empty()) write_output(stream, text.substr(0, cut_at(text, kMost)));
  }
  posted_.take_all(
      [](void* self, Stream stream, std::string_view text) {
        auto& recorder = *static_cast<Recorder*>(self);
        while (!text.empty()) {
          const std::string_view line = text.substr(0, text.find('\n') + 1);
          const std::string_view part = line.empty() ? text : line;
          recorder.write_output(stream, part.substr(0, cut_at(part, kMost)));
          recorder.flush_locked();
          text.remove_prefix(part.size());
        }
      },
      this);
}

void Recorder::before_fork() noexcept {
  if (recorders_entered == 0) mutex_.lock();
}

void Recorder::after_fork(bool in_child) noexcept {
  if (in_child) left_to_parent_ = true;
  if (recorders_entered == 0) mutex_.unlock();
}

void Recorder::flush() noexcept {
  if (left_to_parent_) return;
  const Entered entered;
  const std::lock_guard lock(mutex_);
  flush_locked();
}

void Recorder::flush_locked() noexcept {
  if (buffer_.empty()) return;
  sink_(buffer_);
  buffer_.clear();
  whole_lines_ = 0;
}

}  // namespace asyncio::trace
