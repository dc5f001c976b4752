#include <asyncio/detail/resource.hpp>

#include "core/loop_access.hpp"

namespace asyncio::detail {

void Resource::emit(const EventLoop& loop, std::string_view op, const ResourceNow& now) {
  trace::Resource event{.resource = id_,
                        .type = type_,
                        .op = op,
                        .state = now.state,
                        .value = now.value,
                        .limit = now.limit,
                        .waiters = now.waiters,
                        .by = LoopAccess::cause_now(loop)};
  if (now.when) event.when = now.when;
  if (!std::exchange(told_, true)) {
    trace::Resource created = event;
    created.op = "created";
    created.loc = trace::Place{loc_};
    LoopAccess::emit(loop, created);
    if (op == "created") return;
  }
  if (now.item) event.item = *now.item;
  LoopAccess::emit(loop, event);
}

}  // namespace asyncio::detail
