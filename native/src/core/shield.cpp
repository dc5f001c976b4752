#include <asyncio/shield.hpp>

#include "core/combined_future.hpp"

namespace asyncio::detail {

ShieldCore::ShieldCore(EventLoop& loop, FutureBase& outer, Ref<FutureBase> inner) noexcept
    : Abandonable(LoopAccess::combinators(loop)), outer_(outer), inner_(std::move(inner)) {}

void ShieldCore::abandon() noexcept {
  leave_list();
  const Ref keep(&outer_);
  inner_ = nullptr;
  watch_ = nullptr;
}

void ShieldCore::start(const std::source_location& loc) {
  note_created(outer_, {&inner_, 1}, trace::Place{loc, true});
  watch_ = make_callback(
      "done_callback", [keep = Ref(&outer_), this] { inner_done(); }, std::source_location{});
  inner_->add_callback(Ref<HandleNode>(watch_).detach());
}

// asyncio: shield.<locals>._inner_done_callback
void ShieldCore::inner_done() {
  const Ref<FutureBase> inner = std::exchange(inner_, {});
  watch_ = nullptr;
  if (!inner) return;  // abandoned
  if (outer_.cancelled()) {
    inner->mark_retrieved();
  } else if (inner->cancelled()) {
    outer_.cancel({});
  } else if (const std::exception_ptr exception = inner->exception()) {
    outer_.set_exception(exception);
  } else {
    take_result(*inner);
  }
}

// asyncio: shield.<locals>._outer_done_callback
void ShieldCore::outer_done() {
  if (!inner_ || inner_->done()) return;
  const Ref<FutureBase> inner = std::exchange(inner_, {});
  inner->remove_callback(watch_.get());
  watch_ = nullptr;
}

}  // namespace asyncio::detail
