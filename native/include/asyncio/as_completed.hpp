// Results in the order in which they come.
#pragma once

#include <deque>
#include <iterator>

#include <asyncio/wait.hpp>

namespace asyncio {

namespace detail {

// What is done and not yet asked for, and who has asked too early. asyncio: _AsCompletedIterator
class Completions final : public FutureWatch, public Pooled {
 public:
  explicit Completions(EventLoop& loop) noexcept : loop_(loop) {}
  Completions(const Completions&) = delete;
  Completions& operator=(const Completions&) = delete;

  void retain() const noexcept { ++references_; }
  void release() const noexcept {
    if (--references_ == 0) delete this;
  }
  // Once, right after construction.
  void start(const FutureBases& futures, std::optional<Duration> timeout);
  // One that nobody has asked for yet; false if there is none left.
  bool claim() noexcept {
    if (unclaimed_ == 0) return false;
    --unclaimed_;
    return true;
  }
  bool exhausted() const noexcept { return unclaimed_ == 0; }

 private:
  friend Coro<Ref<FutureBase>> next_completed(Ref<Completions> completions);
  class Getter;

  ~Completions() { timer_.cancel(); }
  void watched_done(FutureBase& future) override;
  void hold() const noexcept override { retain(); }
  void let_go() const noexcept override { release(); }
  // Whoever asks for the next: any of those that are watched may be it.
  FutureBase* watcher(std::size_t index) noexcept override {
    return index < getters_.size() ? getters_[index].get() : nullptr;
  }
  void timed_out();
  void put(Ref<FutureBase> done);
  void wake_next();

  EventLoop& loop_;
  std::deque<Ref<FutureBase>> done_;  // null: the time was over first
  std::deque<Ref<FutureState<void>>> getters_;
  TimerHandle timer_;
  std::size_t unclaimed_ = 0;
  mutable unsigned references_ = 0;
};

// The next that is done; throws TimeoutError.
Coro<Ref<FutureBase>> next_completed(Ref<Completions> completions);

template <class T>
T handle_of(Ref<FutureBase> base, const T*) {
  return T(std::move(base));
}
template <class T>
Task<T> handle_of(Ref<FutureBase> base, const Task<T>*) {
  return Task<T>(Ref(static_cast<TaskState<T>*>(base.get())));
}
template <class T>
Future<T> handle_of(Ref<FutureBase> base, const Future<T>*) {
  return Future<T>(Ref(static_cast<FutureState<T>*>(base.get())));
}

template <class F>
struct ResultOf {
  using type = typename F::value_type;
};
template <>
struct ResultOf<AnyFuture> {
  using type = void;
};

}  // namespace detail

// What as_completed() gives. F: the type of the tasks or futures.
template <class F>
class [[nodiscard]] AsCompleted {
 public:
  using value_type = typename detail::ResultOf<F>::type;

  explicit AsCompleted(detail::Ref<detail::Completions> completions) noexcept
      : completions_(std::move(completions)) {}

  // The task or future that is done next, one of those that were given; nullopt when all have been:
  // `while (auto next = co_await completed.next())`. Throws TimeoutError when the time is over.
  // asyncio: `async for`
  Coro<std::optional<F>> next() {
    if (!completions_->claim()) co_return std::nullopt;
    Coro<detail::Ref<detail::FutureBase>> waiting = detail::next_completed(completions_);
    detail::Ref<detail::FutureBase> done = co_await waiting;
    co_return detail::handle_of(std::move(done), static_cast<const F*>(nullptr));
  }

  // One coroutine for each, which waits for the next that is done and gives its result or throws
  // its exception: `for (Coro<int> next : as_completed(...)) co_await next`. asyncio: `for`
  class Iterator {
   public:
    using value_type = Coro<typename AsCompleted::value_type>;
    using difference_type = std::ptrdiff_t;
    explicit Iterator(AsCompleted* from) noexcept : from_(from) {}
    value_type operator*() const { return from_->claim_result(); }
    Iterator& operator++() noexcept { return *this; }
    void operator++(int) noexcept {}
    bool operator==(std::default_sentinel_t) const noexcept {
      return from_->completions_->exhausted();
    }

   private:
    AsCompleted* from_;
  };
  Iterator begin() noexcept { return Iterator(this); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  Coro<value_type> claim_result() {
    completions_->claim();
    return next_result(completions_);
  }
  static Coro<value_type> next_result(detail::Ref<detail::Completions> completions) {
    Coro<detail::Ref<detail::FutureBase>> waiting = detail::next_completed(std::move(completions));
    const detail::Ref<detail::FutureBase> done = co_await waiting;
    if constexpr (std::is_same_v<F, AnyFuture>) {
      done->throw_if_failed();
    } else {
      co_return detail::take(static_cast<detail::FutureState<value_type>&>(*done));
    }
  }

  detail::Ref<detail::Completions> completions_;
};

namespace detail {
template <class F>
AsCompleted<F> start_completions(std::vector<F> futures, std::optional<Duration> timeout) {
  const FutureBases bases = bases_of(distinct(std::move(futures)));
  Ref completions(new Completions(get_running_loop()));
  completions->start(bases, timeout);
  return AsCompleted<F>(std::move(completions));
}
}  // namespace detail

// Those given, in the order in which they are done: see AsCompleted for the two ways to go through
// them. Coroutines become tasks, at the call. When `timeout` is over before all are done, what was
// done is still given, and then each further step throws TimeoutError; nothing is cancelled.
// In a vector, or in a tuple; if they are of several types, AnyFutures are given.
// asyncio: as_completed
template <class A>
auto as_completed(std::vector<A> awaitables, std::optional<Duration> timeout = std::nullopt,
                  std::source_location loc = std::source_location::current()) {
  if constexpr (detail::CoroLike<A>) {
    std::vector<Task<typename A::value_type>> tasks;
    tasks.reserve(awaitables.size());
    for (A& awaitable : awaitables) tasks.push_back(ensure_future(std::move(awaitable), loc));
    return detail::start_completions(std::move(tasks), timeout);
  } else {
    return detail::start_completions(std::move(awaitables), timeout);
  }
}
template <class... A>
auto as_completed(std::tuple<A...> awaitables, std::optional<Duration> timeout = std::nullopt,
                  std::source_location loc = std::source_location::current()) {
  const auto as_future = [&loc]<class B>(B&& awaitable) {
    if constexpr (detail::CoroLike<B>) {
      return ensure_future(std::forward<B>(awaitable), loc);
    } else {
      return awaitable;
    }
  };
  return std::apply(
      [&](A&... each) {
        // In braces, for the tasks are made from left to right.
        return detail::start_completions(
            detail::as_vector(std::tuple{as_future(std::move(each))...}), timeout);
      },
      awaitables);
}

}  // namespace asyncio
