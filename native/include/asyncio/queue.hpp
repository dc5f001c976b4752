// Queues.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include <asyncio/detail/queue_core.hpp>
#include <asyncio/detail/temporary.hpp>
#include <asyncio/detail/value_text.hpp>

namespace asyncio {

namespace detail {

// What a queue holds, and in which order it gives it out: the part that knows the type.
template <class T>
class QueueState : public QueueCore {
 public:
  using QueueCore::QueueCore;

  // Both wait in their own frame: a coroutine that does it for them costs a seventh of a round.
  Coro<> put([[maybe_unused]] Ref<QueueState> self, T item) {
    while (full()) {
      check_open();
      const Ref<ResourceFuture> place = new_place("put");
      try {
        const Waiter waiter(putters_, *place);
        co_await Future<>(place);
      } catch (...) {
        give_up(putters_, *place);
        throw;
      }
    }
    put_nowait(std::move(item));
  }
  void put_nowait(T item) {
    check_can_put();
    auto text = traced_text(item);
    put_item(std::move(item));
    note_put(std::move(text));
  }
  Coro<T> get([[maybe_unused]] Ref<QueueState> self) {
    while (empty()) {
      check_open();
      const Ref<ResourceFuture> place = new_place("get");
      try {
        const Waiter waiter(getters_, *place);
        co_await Future<>(place);
      } catch (...) {
        give_up(getters_, *place);
        throw;
      }
    }
    co_return get_nowait();
  }
  T get_nowait() {
    check_can_get();
    T item = take_item();
    note_got(traced_text(item));
    return item;
  }

 private:
  virtual void put_item(T item) = 0;
  virtual T take_item() = 0;
  void drop_item() override { static_cast<void>(take_item()); }
  std::optional<std::string> traced_text(const T& item) const {
    return is_traced() ? value_text(item) : std::nullopt;
  }
};

// The three orders. asyncio: Queue._init, _put, _get of each class

template <class T>
class FifoState final : public QueueState<T> {
 public:
  FifoState(std::int64_t maxsize, const std::source_location& loc)
      : QueueState<T>("Queue", maxsize, loc) {
    this->note("created");
  }
  std::size_t size() const noexcept override { return items_.size(); }

 private:
  void put_item(T item) override { items_.push_back(std::move(item)); }
  T take_item() override {
    T item = std::move(items_.front());
    items_.pop_front();
    return item;
  }
  std::deque<T> items_;
};

template <class T>
class LifoState final : public QueueState<T> {
 public:
  LifoState(std::int64_t maxsize, const std::source_location& loc)
      : QueueState<T>("LifoQueue", maxsize, loc) {
    this->note("created");
  }
  std::size_t size() const noexcept override { return items_.size(); }

 private:
  void put_item(T item) override { items_.push_back(std::move(item)); }
  T take_item() override {
    T item = std::move(items_.back());
    items_.pop_back();
    return item;
  }
  std::vector<T> items_;
};

// A binary heap that moves as Python's heapq does, so that equal items come out in the same order.
template <class T>
class PriorityState final : public QueueState<T> {
 public:
  PriorityState(std::int64_t maxsize, const std::source_location& loc)
      : QueueState<T>("PriorityQueue", maxsize, loc) {
    this->note("created");
  }
  std::size_t size() const noexcept override { return items_.size(); }

 private:
  void put_item(T item) override {
    items_.push_back(std::move(item));
    rise(items_.size() - 1, 0);
  }
  T take_item() override {
    T last = std::move(items_.back());
    items_.pop_back();
    if (items_.empty()) return last;
    T least = std::exchange(items_.front(), std::move(last));
    rise(sink_to_a_leaf(), 0);
    return least;
  }
  // The first item changes places with its lesser child down to a leaf, whatever it is itself: it
  // came from a leaf, and most probably belongs near one.
  std::size_t sink_to_a_leaf() {
    std::size_t at = 0;
    for (std::size_t child = 1; child < items_.size(); child = 2 * at + 1) {
      const std::size_t right = child + 1;
      if (right < items_.size() && !(items_[child] < items_[right])) child = right;
      std::swap(items_[at], items_[child]);
      at = child;
    }
    return at;
  }
  void rise(std::size_t at, std::size_t top) {
    while (at > top) {
      const std::size_t parent = (at - 1) / 2;
      if (!(items_[at] < items_[parent])) break;
      std::swap(items_[at], items_[parent]);
      at = parent;
    }
  }
  std::vector<T> items_;
};

}  // namespace detail

// Items on their way from those who put to those who get: first in, first out. A handle: copies are
// the same queue, so a coroutine takes it by value. Who waits is served in the order of coming, in
// the turn after; who is cancelled while it waits loses nothing and passes its turn on. Bound to a
// loop as a Lock is.
// asyncio: Queue
template <class T>
class Queue {
 public:
  using value_type = T;

  // `maxsize`: how many it holds; 0 or less is any number.
  explicit Queue(std::int64_t maxsize = 0,
                 std::source_location loc = std::source_location::current())
      : state_(new detail::FifoState<T>(maxsize, loc)) {}

  // Waits while it is full. Throws QueueShutDown.
  Coro<> put(const T& item) const { return state_->put(state_, item); }
  Coro<> put(T&& item) const {
    detail::check_temporary<T>();
    return state_->put(state_, std::move(item));
  }
  // Waits while it is empty. Throws QueueShutDown when it is shut down and empty.
  Coro<T> get() const { return state_->get(state_); }
  // Throw QueueFull, QueueEmpty instead of waiting.
  void put_nowait(T item) const { state_->put_nowait(std::move(item)); }
  T get_nowait() const { return state_->get_nowait(); }

  std::size_t qsize() const noexcept { return state_->size(); }
  std::int64_t maxsize() const noexcept { return state_->maxsize(); }
  bool empty() const noexcept { return state_->empty(); }
  bool full() const noexcept { return state_->full(); }

  // The work on an item that was got is done. Throws ValueError "task_done() called too many
  // times".
  void task_done() const { state_->task_done(); }
  // Waits until task_done() was called for every item that was put.
  Coro<> join() const { return state_->join(state_); }
  // No more is put; what is there can still be got, or, with `immediate`, is dropped as if done.
  // Whoever waits to put, or to get and there is nothing, gets QueueShutDown.
  // asyncio: Queue.shutdown, from 3.13 on
  void shutdown(bool immediate = false) const { state_->shutdown(immediate); }

  // "<Queue 1 maxsize=3 [2] tasks=1>". Python: repr()
  friend std::string to_string(const Queue& queue) { return queue.state_->text(); }
  friend bool operator==(const Queue&, const Queue&) = default;

 protected:
  explicit Queue(detail::Ref<detail::QueueState<T>> state) noexcept : state_(std::move(state)) {}

 private:
  detail::Ref<detail::QueueState<T>> state_;
};

// The same, which gives the least item first, by operator<. asyncio: PriorityQueue
template <class T>
class PriorityQueue : public Queue<T> {
 public:
  explicit PriorityQueue(std::int64_t maxsize = 0,
                         std::source_location loc = std::source_location::current())
      : Queue<T>(detail::Ref<detail::QueueState<T>>(new detail::PriorityState<T>(maxsize, loc))) {}
};

// The same, last in, first out. asyncio: LifoQueue
template <class T>
class LifoQueue : public Queue<T> {
 public:
  explicit LifoQueue(std::int64_t maxsize = 0,
                     std::source_location loc = std::source_location::current())
      : Queue<T>(detail::Ref<detail::QueueState<T>>(new detail::LifoState<T>(maxsize, loc))) {}
};

}  // namespace asyncio
