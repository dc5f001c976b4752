// What an EventLoop is made of: the ready queue, the timer heap, what must let go with it.
#pragma once

#include <vector>

#include <asyncio/handle.hpp>

namespace asyncio {
class EventLoop;
}

namespace asyncio::detail {

class FutureBase;
class TaskCore;
struct LoopAccess;

// A FIFO of handles, chained through the handles themselves: no allocation. Holds a reference to
// each.
class HandleQueue {
 public:
  bool empty() const noexcept { return head_ == nullptr; }
  std::size_t size() const noexcept { return size_; }
  // Takes over the caller's reference.
  void push(HandleNode* node) noexcept {
    node->next = nullptr;
    (head_ ? tail_->next : head_) = node;
    tail_ = node;
    ++size_;
  }
  // Gives its reference to the caller. Not on an empty queue.
  HandleNode* pop() noexcept {
    HandleNode* node = head_;
    head_ = node->next;
    --size_;
    return node;
  }
  // Calls `visit(node)` for each, in order.
  template <class F>
  void each(F&& visit) const {
    for (HandleNode* node = head_; node; node = node->next) visit(*node);
  }

 private:
  HandleNode* head_ = nullptr;
  HandleNode* tail_ = nullptr;
  std::size_t size_ = 0;
};

// Timers by (when, id): equal deadlines in the order they were made, which CPython's heapq does not
// promise. Cancelled ones stay until they come up, or until they are the larger half. Holds a
// reference to each.
class TimerHeap {
 public:
  bool empty() const noexcept { return entries_.empty(); }
  std::size_t size() const noexcept { return entries_.size(); }
  HandleNode& top() const noexcept { return *entries_.front().node; }
  Instant top_when() const noexcept { return entries_.front().when; }
  void push(HandleNode* node);
  HandleNode* pop() noexcept;
  void note_cancelled() noexcept { ++cancelled_; }
  void note_dropped() noexcept { --cancelled_; }
  // True when it is worth taking all cancelled ones out at once. asyncio:
  // _MIN_CANCELLED_TIMER_HANDLES_FRACTION
  bool mostly_cancelled() const noexcept { return size() > 100 && cancelled_ * 2 > size(); }
  // Takes them out, in an order that is the same everywhere.
  std::vector<HandleNode*> take_cancelled();
  // Calls `visit(node)` for each, in no order.
  template <class F>
  void each(F&& visit) const {
    for (const Entry& entry : entries_) visit(*entry.node);
  }

 private:
  struct Entry {
    Instant when;
    HandleId id;
    HandleNode* node;
  };
  static bool later(const Entry& a, const Entry& b) noexcept {
    return a.when != b.when ? a.when > b.when : a.id > b.id;
  }
  void sift_up(std::size_t index) noexcept;
  void sift_down(std::size_t index) noexcept;

  std::vector<Entry> entries_;
  std::size_t cancelled_ = 0;
};

// What may be part of a circle of references (a gather and its children) and so must let go when
// the loop does. Chained through the objects themselves.
class Abandonable {
 public:
  Abandonable(const Abandonable&) = delete;
  Abandonable& operator=(const Abandonable&) = delete;
  // Lets go of everything it refers to; may destroy `this`.
  virtual void abandon() noexcept = 0;

 protected:
  Abandonable() noexcept = default;
  explicit Abandonable(Abandonable*& list) noexcept { join_list(list); }
  ~Abandonable() { leave_list(); }
  void join_list(Abandonable*& list) noexcept {
    next_ = list;
    link_ = &list;
    if (next_) next_->link_ = &next_;
    list = this;
  }
  void leave_list() noexcept {
    if (!link_) return;
    *link_ = next_;
    if (next_) next_->link_ = link_;
    link_ = nullptr;
  }
  static const Abandonable* following(const Abandonable& one) noexcept { return one.next_; }

 private:
  Abandonable* next_ = nullptr;
  Abandonable** link_ = nullptr;  // what points to this; null while on no list
};

// What futures know of their loop: it outlives it.
struct LoopAnchor {
  EventLoop* loop;
  mutable unsigned references = 0;
  void retain() const noexcept { ++references; }
  void release() const noexcept {
    if (--references == 0) delete this;
  }
};

}  // namespace asyncio::detail
