#include "trace/recorder.hpp"

#include <asyncio/event_loop.hpp>

namespace asyncio::trace {

namespace {

constexpr std::size_t kFlushAt = 64 * 1024;
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

}  // namespace

Recorder::Recorder(const Header& header, std::shared_ptr<Clock> clock, Limits limits, Sink sink)
    : clock_(std::move(clock)), limits_(limits), sink_(std::move(sink)), origin_(clock_->now()) {
  buffer_.reserve(kFlushAt + 2 * kLongestLine + kEmergencyRoom);
  write_header(buffer_, header);
}

Recorder::~Recorder() { flush(); }

Stamp Recorder::stamp_now() noexcept {
  const EventLoop* loop = running_loop();
  return next_stamp(clock_->now() - origin_, loop ? loop->id() : 0, loop ? loop->turns() : 0);
}

bool Recorder::full() noexcept {
  if (limits_.events == 0 || seq_ < limits_.events) return false;
  if (dropped_events_++ == 0) write_truncated("events", 1);
  return true;
}

void Recorder::on(const TraceEvent& event) noexcept {
  if (before_event_) before_event_();
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  write_partial_lines();
  if (full()) return;
  write_event(buffer_, next_stamp(event.t - origin_, event.loop, event.turn), event.what, origin_);
  const bool waits = std::holds_alternative<TurnBegin>(event.what) &&
                     std::get<TurnBegin>(event.what).timeout != Duration::zero();
  if (buffer_.size() >= kFlushAt || waits ||
      (flush_before_callbacks_ && std::holds_alternative<RunBegin>(event.what)))
    flush_locked();
}

void Recorder::output(Stream stream, std::string_view text) noexcept {
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  std::string& pending = pending_[static_cast<std::size_t>(stream)].text;
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
  if (begin > 0 && (flush_before_callbacks_ || buffer_.size() >= kFlushAt)) flush_locked();
}

void Recorder::write_output(Stream stream, std::string_view text) {
  Pending& of_stream = pending_[static_cast<std::size_t>(stream)];
  if (limits_.output_bytes != 0 && of_stream.kept + text.size() > limits_.output_bytes) {
    if (of_stream.dropped == 0) write_truncated("output", text.size());
    of_stream.dropped += text.size();
    return;
  }
  of_stream.kept += text.size();
  write_event(buffer_, stamp_now(), Output{stream, text});
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
  write_event(buffer_, stamp_now(), Truncated{what, dropped});
}

void Recorder::end_lines() noexcept {
  if (before_event_) before_event_();
  const std::lock_guard lock(mutex_);
  if (!finished_) write_partial_lines();
}

void Recorder::finish(const ProgramEnd& end) noexcept {
  if (before_event_) before_event_();
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  write_partial_lines();
  if (dropped_events_ > 1) write_truncated("events", dropped_events_);
  for (const Pending& pending : pending_)
    if (pending.dropped > 0) write_truncated("output", pending.dropped);
  write_event(buffer_, stamp_now(), end);
  finished_ = true;
  flush_locked();
}

void Recorder::finish_in_emergency(const ProgramEnd& end) noexcept {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (finished_) return;
  finished_ = true;
  // The room was reserved; a longer text is cut rather than allocated for.
  if (buffer_.capacity() - buffer_.size() >= kEmergencyRoom) {
    ProgramEnd last = end;
    last.error = last.error.substr(0, cut_at(last.error, kEmergencyRoom / 8));
    write_event(buffer_, stamp_now(), last);
  }
  flush_locked();
}

void Recorder::flush() noexcept {
  const std::lock_guard lock(mutex_);
  flush_locked();
}

void Recorder::flush_locked() noexcept {
  if (buffer_.empty()) return;
  sink_(buffer_);
  buffer_.clear();
}

}  // namespace asyncio::trace
