// The core of a Python loop in the page: what native/python/loopscope/core.py asks of it, for one
// run of a program. guest_exports.cpp has it as C functions, which JavaScript calls.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "guest/guest_loop.hpp"
#include "trace/recorder.hpp"

namespace loopscope {

struct GuestOptions {
  std::string program;  // its name in the trace
  std::string platform;
  std::string interpreter;  // "CPython 3.14.2"
  asyncio::trace::Source source;
  bool is_virtual = false;
  bool debug = false;
  bool traced = true;
  asyncio::trace::Limits limits;
};

// What belongs to the run and not to one of its loops: the trace, and time. One per module.
class GuestRun {
 public:
  GuestRun(GuestOptions options, asyncio::trace::Sink sink);

  const GuestOptions& options() const noexcept { return options_; }
  asyncio::trace::Recorder& recorder() noexcept { return recorder_; }
  // Null when nobody wants a trace: loops are faster then.
  asyncio::Tracer* tracer() noexcept { return options_.traced ? &recorder_ : nullptr; }
  asyncio::EventLoop::Backend backend() const;
  asyncio::Instant now() const;
  // The same for the program, which may be waiting for a time to come: see VirtualTime::ask().
  asyncio::Instant ask() const;
  // What blocks under the virtual clock: it takes no time, and time passes.
  void pass_time(double seconds);

 private:
  GuestOptions options_;
  asyncio::EventLoop::Backend first_;
  asyncio::trace::Recorder recorder_;
};

class GuestNodes;

// A handle of the guest's: only its number, by which the guest knows what to run.
class NumberedNode final : public asyncio::guest::GuestNode, public asyncio::detail::Pooled {
 public:
  explicit NumberedNode(GuestNodes* index) noexcept : index_(index) {}

 private:
  void dispose() noexcept override;
  GuestNodes* index_;  // where it can be found by its number; null: nowhere
};

// What may be cancelled: by number, while it is scheduled.
class GuestNodes {
 public:
  void add(NumberedNode& node) { nodes_.emplace(node.id, &node); }
  void remove(asyncio::HandleId id) noexcept { nodes_.erase(id); }
  void cancel(asyncio::HandleId id);

 private:
  std::unordered_map<asyncio::HandleId, NumberedNode*> nodes_;
};

class GuestCore {
 public:
  GuestCore(GuestRun& run, bool traced) : loop_(run.backend(), traced ? run.tracer() : nullptr) {}

  asyncio::guest::GuestLoop& loop() noexcept { return loop_; }
  asyncio::HandleId call_soon();
  asyncio::HandleId call_at(double when);
  void cancel(asyncio::HandleId id) { nodes_.cancel(id); }
  asyncio::HandleId next();

 private:
  GuestNodes nodes_;  // outlives the nodes in the loop's queues
  asyncio::guest::GuestLoop loop_;
};

}  // namespace loopscope
