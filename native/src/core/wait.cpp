#include <asyncio/join.hpp>
#include <asyncio/wait.hpp>
#include <asyncio/wait_for.hpp>

#include "core/combined_future.hpp"

namespace asyncio::detail {

namespace {

// One wait: lives in the frame of the task that waits. asyncio: tasks._wait
class Wait final : public FutureWatch {
 public:
  Wait(EventLoop& loop, const FutureBases& futures, ReturnWhen return_when,
       std::optional<Duration> timeout)
      : enough_(new FutureState<void>(loop, "wait")),
        waiting_(*LoopAccess::current_task(loop)),
        unfinished_(futures.size()),
        return_when_(return_when) {
    note_created(*enough_, futures, std::nullopt);
    if (timeout)
      timer_ = TimerHandle(LoopAccess::schedule_at(
          loop, loop.after(*timeout),
          make_callback("timeout", [this] { release(); }, std::source_location{})));
    for (const auto& future : futures) watch(*future);
  }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;
  ~Wait() { timer_.cancel(); }

  // Done when it has waited enough.
  Future<> enough() const { return Future<>(enough_); }

 private:
  // asyncio: _wait.<locals>._on_completion
  void watched_done(FutureBase& future) override {
    --unfinished_;
    if (unfinished_ > 0 && return_when_ != FIRST_COMPLETED) {
      if (return_when_ == ALL_COMPLETED || future.cancelled() || !future.exception()) return;
    }
    timer_.cancel();
    release();
  }
  FutureBase* watcher(std::size_t index) noexcept override {
    return index == 0 ? &waiting_.future() : nullptr;
  }
  // asyncio: _release_waiter
  void release() {
    if (!enough_->done()) enough_->set_result();
  }

  Ref<FutureState<void>> enough_;
  TaskCore& waiting_;
  TimerHandle timer_;
  std::size_t unfinished_;
  ReturnWhen return_when_;
};

}  // namespace

Coro<> wait_until(FutureBases futures, ReturnWhen return_when, std::optional<Duration> timeout) {
  if (futures.empty()) throw std::invalid_argument("Set of Tasks/Futures is empty.");
  const Wait waiting(get_running_loop(), futures, return_when, timeout);
  co_await waiting.enough();
}

Coro<> cancel_and_wait(Ref<FutureBase> future) {
  const FutureBases futures{future};
  const Wait waiting(get_running_loop(), futures, ALL_COMPLETED, std::nullopt);
  future->cancel({});
  co_await waiting.enough();
}

Coro<> cancel_and_wait_for_all(FutureBases futures) {
  std::exception_ptr cancelled;
  for (const auto& future : futures) future->cancel({});
  for (;;) {
    std::erase_if(futures, [](const auto& future) { return future->done(); });
    if (futures.empty()) break;
    const Wait waiting(get_running_loop(), futures, ALL_COMPLETED, std::nullopt);
    try {
      co_await waiting.enough();
    } catch (const CancelledError&) {
      cancelled = std::current_exception();
    }
  }
  if (cancelled) std::rethrow_exception(cancelled);
}

void throw_timeout_of(FutureBase& cancelled) {
  throw TimeoutError(std::make_exception_ptr(cancelled.cancelled_error()));
}

}  // namespace asyncio::detail
