#include "guest/guest_loop.hpp"

#include <algorithm>

#include "core/seconds.hpp"

namespace asyncio::guest {

using detail::LoopAccess;

namespace {

// Rounded up, so that a timer is due when the wait is over.
Duration to_duration(double seconds) {
  return std::chrono::ceil<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
}

}  // namespace

// -- Scheduling ---------------------------------------------------------------------------------------------------------

HandleId GuestLoop::call_soon(GuestNode& node) {
  node.loop = &loop_;
  node.id = ids().handle();
  if (traced()) [[unlikely]]
    scheduled(node, std::nullopt);
  node.retain();
  LoopAccess::enqueue(loop_, &node);
  return node.id;
}

HandleId GuestLoop::call_at(GuestNode& node, double seconds) {
  const Instant when = to_instant(seconds);
  node.seconds = seconds;
  node.loop = &loop_;
  node.id = ids().handle();
  node.when = when;
  node.timer = true;
  node.place = detail::HandleNode::Place::timers;
  if (traced()) [[unlikely]]
    scheduled(node, when);
  node.retain();
  LoopAccess::timers(loop_).push(&node);
  return node.id;
}

void GuestLoop::scheduled(GuestNode& node, std::optional<Instant> when) {
  const Note note = std::exchange(note_, std::nullopt).value_or(Note{});
  node.task_id = note.task;
  trace::Scheduled event{node.id, note.from_thread ? 0 : running_, note.label};
  event.task = note.task;
  event.by = note.by;
  event.when = when;
  const trace::Place::Guest place{note.func, note.file, note.line};
  if (note.line != 0) event.loc = trace::Place{{}, false, &place};
  tell(event);
  if (note.task != 0 && note.by.kind != trace::Cause::Kind::outside)
    tell(trace::TaskWakeup{note.task, node.id, note.by});
}

double GuestLoop::time() const noexcept { return std::max(seconds(now()), latest_); }

// -- Turns --------------------------------------------------------------------------------------------------------------

double GuestLoop::begin_turn(bool stopping) {
  if (in_turn_) end_turn();
  LoopAccess::drop_cancelled_timers(loop_);
  LoopAccess::count_turn(loop_);
  if (virtual_) {
    const detail::TimerHeap& timers = LoopAccess::timers(loop_);
    LoopAccess::poller(loop_).turn_begins(timers.empty() ? Instant::max() : timers.top_when());
  }
  const bool busy = stopping || !LoopAccess::ready(loop_).empty();
  const std::optional<Duration> timeout = busy ? Duration{0} : loop_.next_timeout();
  if (traced()) [[unlikely]] {
    tell(trace::TurnBegin{LoopAccess::ready(loop_).size(), LoopAccess::timers(loop_).size(),
                          timeout});
  }
  if (!timeout) return kForever;
  const bool at_once = *timeout == Duration{0};
  if (!at_once && !virtual_) return seconds(*timeout);
  if (virtual_ && LoopAccess::poller(loop_).threads_take_turns()) {
    turn_timeout_ = timeout;
    return at_once ? kPoll : seconds(*timeout);
  }
  // Virtual time passes here.
  if (!at_once) LoopAccess::poller(loop_).wait(timeout, found_);
  if (!watched_.empty()) return kPoll;
  collect();
  return 0;
}

double GuestLoop::wait(double seconds, std::vector<Ready>& ready) {
  if (!found_.empty()) {
    ready.insert(ready.end(), found_.begin(), found_.end());
    found_.clear();
    return 0;
  }
  std::optional<Duration> timeout = std::exchange(turn_timeout_, std::nullopt);
  if (!timeout && seconds != kForever) timeout = to_duration(std::max(seconds, 0.0));
  try {
    LoopAccess::poller(loop_).wait(timeout, ready);
  } catch (const NothingToWaitFor&) {
    return kDeadlock;
  }
  return 0;
}

void GuestLoop::watch(int fd, Interest interest) {
  if (interest == Interest::none) watched_.erase(fd);
  LoopAccess::poller(loop_).watch(fd, interest);
  if (interest != Interest::none) watched_.insert(fd);
}

void GuestLoop::collect() {
  if (!LoopAccess::timers(loop_).empty()) LoopAccess::move_due_timers(loop_);
  of_turn_ = left_ = LoopAccess::ready(loop_).size();
  in_turn_.emplace(loop_);
}

GuestNode* GuestLoop::next() {
  if (running_ != 0) end_handle();
  while (left_ > 0) {
    --left_;
    auto* const node = static_cast<GuestNode*>(LoopAccess::ready(loop_).pop());
    node->place = detail::HandleNode::Place::nowhere;
    if (!node->cancelled) {
      running_ = node->id;
      if (node->timer && node->seconds > latest_) latest_ = node->seconds;
      if (traced()) [[unlikely]]
        tell(trace::RunBegin{node->id, node->task_id});
      return node;
    }
    if (traced()) tell(trace::Dropped{node->id});
    node->release();
  }
  if (in_turn_) end_turn();
  return nullptr;
}

GuestNode* GuestLoop::take() {
  left_ = 0;
  detail::HandleNode* node = nullptr;
  if (!LoopAccess::ready(loop_).empty()) {
    node = LoopAccess::ready(loop_).pop();
  } else if (auto& timers = LoopAccess::timers(loop_); !timers.empty()) {
    node = timers.pop();
    if (node->cancelled) timers.note_dropped();
  }
  if (node) node->place = detail::HandleNode::Place::nowhere;
  return static_cast<GuestNode*>(node);
}

void GuestLoop::end_handle() {
  const HandleId handle = std::exchange(running_, 0);
  if (!traced()) [[likely]]
    return;
  const std::optional<std::string> error = std::exchange(error_, std::nullopt);
  tell(trace::RunEnd{handle, error.has_value(), error ? std::string_view(*error) : ""});
}

void GuestLoop::end_turn() {
  if (running_ != 0) end_handle();
  if (traced()) tell(trace::TurnEnd{of_turn_ - std::exchange(left_, 0)});
  in_turn_.reset();
}

void GuestLoop::raised(std::string error) { error_ = std::move(error); }

// -- Life ---------------------------------------------------------------------------------------------------------------

void GuestLoop::loop_start() {
  ids_ = &detail::id_source;
  if (traced()) tell(trace::LoopStart{});
}

void GuestLoop::loop_stop() {
  ids_ = nullptr;
  if (in_turn_) end_turn();
  if (traced())
    tell(trace::LoopStop{LoopAccess::ready(loop_).size(), LoopAccess::timers(loop_).size()});
}

void GuestLoop::close() { loop_.close(); }

}  // namespace asyncio::guest
