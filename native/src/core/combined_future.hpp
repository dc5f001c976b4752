// What the trace is told about a future that stands for others.
#pragma once

#include <span>
#include <vector>

#include <asyncio/detail/future_base.hpp>

#include "core/loop_access.hpp"

namespace asyncio::detail {

// `children`: what it collects, in order; `loc`: where it was made, or where it is awaited.
inline void note_created(const FutureBase& combined, std::span<const Ref<FutureBase>> children,
                         std::optional<trace::Place> loc) {
  const EventLoop& loop = combined.loop();
  if (!loop.tracer()) return;
  std::vector<trace::Cause> causes;
  causes.reserve(children.size());
  for (const auto& child : children) causes.push_back(child->as_cause());
  LoopAccess::emit(loop, trace::FutureCreated{combined.id(), combined.type(), causes, loc});
}

}  // namespace asyncio::detail
