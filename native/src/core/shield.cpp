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

class ShieldCore::InnerDone final : public HandleNode, public Pooled {
 public:
  explicit InnerDone(ShieldCore& shield) noexcept
      : HandleNode("done_callback", nullptr), keep_(&shield.outer_), shield_(shield) {}
  void run() override { shield_.inner_done(); }
  void discard() noexcept override { keep_ = nullptr; }
  FutureBase* awaiter(std::size_t index) noexcept override {
    return index == 0 ? keep_.get() : nullptr;
  }

 private:
  void dispose() noexcept override { delete this; }
  Ref<FutureBase> keep_;
  ShieldCore& shield_;
};

void ShieldCore::start(const std::source_location& loc) {
  note_created(outer_, {&inner_, 1}, trace::Place{loc, true});
  watch_ = Ref<HandleNode>(new InnerDone(*this));
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
