#include <asyncio/as_completed.hpp>

#include "core/combined_future.hpp"

namespace asyncio::detail {

// A task's wish for the next; takes it back when the task is cancelled, and passes on a wake-up
// that came too late for it. asyncio: Queue.get
class Completions::Getter {
 public:
  explicit Getter(Completions& completions)
      : completions_(completions),
        future_(new FutureState<void>(completions.loop_, "as_completed")) {
    note_created(*future_, completions.watched(), std::nullopt);
    completions.getters_.push_back(future_);
  }
  Getter(const Getter&) = delete;
  Getter& operator=(const Getter&) = delete;
  ~Getter() {
    if (served_) return;
    const bool woken = future_->done() && !future_->cancelled();
    std::erase(completions_.getters_, future_);
    if (woken && !completions_.done_.empty()) completions_.wake_next();
  }
  Future<> woken() const { return Future<>(future_); }
  void serve() noexcept { served_ = true; }

 private:
  Completions& completions_;
  Ref<FutureState<void>> future_;
  bool served_ = false;
};

void Completions::start(const FutureBases& futures, std::optional<Duration> timeout) {
  unclaimed_ = futures.size();
  for (const auto& future : futures) watch(*future);
  if (futures.empty() || !timeout) return;
  timer_ = TimerHandle(LoopAccess::schedule_at(
      loop_, loop_.after(*timeout),
      make_callback("timeout", [this] { timed_out(); }, std::source_location{})));
}

void Completions::watched_done(FutureBase& future) {
  put(Ref(&future));
  if (!watches_any()) timer_.cancel();
}

void Completions::timed_out() {
  const Ref keep(this);
  for (std::size_t left = watched_count(); left > 0; --left) put({});
  unwatch_all();
}

void Completions::put(Ref<FutureBase> done) {
  done_.push_back(std::move(done));
  wake_next();
}

void Completions::wake_next() {
  while (!getters_.empty()) {
    const Ref<FutureState<void>> getter = std::move(getters_.front());
    getters_.pop_front();
    if (getter->done()) continue;
    return getter->set_result();
  }
}

Coro<Ref<FutureBase>> next_completed(Ref<Completions> completions) {
  while (completions->done_.empty()) {
    Completions::Getter getter(*completions);
    co_await getter.woken();
    getter.serve();
  }
  Ref<FutureBase> done = std::move(completions->done_.front());
  completions->done_.pop_front();
  if (!done) throw TimeoutError();
  co_return done;
}

}  // namespace asyncio::detail
