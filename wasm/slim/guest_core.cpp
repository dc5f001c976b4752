#include "slim/guest_core.hpp"

#include <utility>

#include "backends/clocks.hpp"
#include "backends/registry.hpp"
#include "backends/virtual_time.hpp"
#include "core/seconds.hpp"
#include "js_poller.hpp"

namespace loopscope {

namespace {

asyncio::EventLoop::Backend make(bool is_virtual) {
  if (is_virtual) return asyncio::make_backend("virtual");
  // The host waits, not the poller.
  return {std::make_shared<asyncio::MonotonicClock>(), std::make_shared<JsPoller>(nullptr)};
}

asyncio::trace::Header header_of(const GuestOptions& options,
                                 const asyncio::EventLoop::Backend& backend) {
  asyncio::trace::Header header{options.program, options.is_virtual ? "virtual" : "real", {}};
  header.guest = "python";
  header.host = {{"twin", "wasm"},
                 {"backend", std::string(backend.poller->name())},
                 {"platform", options.platform},
                 {"interpreter", options.interpreter}};
  header.source = options.source;
  return header;
}

}  // namespace

GuestRun::GuestRun(GuestOptions options, asyncio::trace::Sink sink)
    : options_(std::move(options)),
      first_(make(options_.is_virtual)),
      recorder_(header_of(options_, first_), first_.clock, options_.limits, std::move(sink)) {
  // Stop ends the worker at any moment. JavaScript flushes what Python's callbacks do
  // (CoreRun.pulse).
  recorder_.set_eager(asyncio::trace::Recorder::Eager::at_first);
}

asyncio::EventLoop::Backend GuestRun::backend() const { return make(options_.is_virtual); }

asyncio::Instant GuestRun::now() const { return first_.clock->now(); }

asyncio::Instant GuestRun::ask() const {
  return options_.is_virtual ? asyncio::VirtualTime::of_process()->ask() : now();
}

void GuestRun::pass_time(double seconds) {
  asyncio::VirtualTime::of_process()->advance(asyncio::to_duration(seconds));
}

void NumberedNode::dispose() noexcept {
  if (index_) index_->remove(id);
  delete this;
}

void GuestNodes::cancel(asyncio::HandleId id) {
  const auto found = nodes_.find(id);
  if (found == nodes_.end()) return;
  const asyncio::detail::Ref<asyncio::detail::HandleNode> keep(found->second);
  found->second->cancel();
}

asyncio::HandleId GuestCore::call_soon() {
  // Untraced, nobody cancels by number what is ready: the guest skips what it has cancelled.
  const bool traced = loop_.traced();
  auto* const node = new NumberedNode(traced ? &nodes_ : nullptr);
  const asyncio::HandleId id = loop_.call_soon(*node);
  if (traced) nodes_.add(*node);
  return id;
}

asyncio::HandleId GuestCore::call_at(double when) {
  auto* const node = new NumberedNode(&nodes_);
  const asyncio::HandleId id = loop_.call_at(*node, when);
  nodes_.add(*node);
  return id;
}

asyncio::HandleId GuestCore::next() {
  asyncio::guest::GuestNode* const node = loop_.next();
  if (!node) return 0;
  const asyncio::HandleId id = node->id;
  node->release();
  return id;
}

}  // namespace loopscope
