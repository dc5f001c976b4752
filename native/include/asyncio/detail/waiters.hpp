// Those who wait at a lock, an event, a queue ..., first come first served.
#pragma once

#include <asyncio/detail/resource.hpp>

namespace asyncio::detail {

class Waiter;

// A line of waiters. Chained through the waiters, which live in the frames of the coroutines that
// wait: joining and leaving allocate nothing and take no search.
class WaiterLine {
 public:
  WaiterLine() = default;
  WaiterLine(const WaiterLine&) = delete;
  WaiterLine& operator=(const WaiterLine&) = delete;

  bool empty() const noexcept { return first_ == nullptr; }
  std::size_t size() const noexcept { return size_; }
  // True when somebody in it has not been cancelled: woken up, but not gone on, counts.
  bool anybody_stays() const noexcept;
  // Wakes the first; nothing happens when it is on its way already.
  void wake_first();
  // Wakes the first who is not on the way yet; false when there is none.
  bool wake_next();
  // Wakes up to `most` who are not on their way yet; they stay in the line until they go on.
  void wake(std::size_t most);
  // The same with one, who leaves the line at once.
  void take_next();

 private:
  friend class Waiter;
  void append(Waiter& waiter) noexcept;
  void remove(Waiter& waiter) noexcept;
  Waiter* first_pending() const noexcept;

  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
  std::size_t size_ = 0;
};

// A place in a line, from here to the end of the scope, unless it is taken out before.
class Waiter {
 public:
  // Both must outlive it.
  Waiter(WaiterLine& line, ResourceFuture& future) noexcept : future_(future) {
    line.append(*this);
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() {
    if (line_) line_->remove(*this);
  }

 private:
  friend class WaiterLine;
  ResourceFuture& future_;
  WaiterLine* line_ = nullptr;  // null once out of it
  Waiter* before_ = nullptr;
  Waiter* after_ = nullptr;
};

// What the handles of one lock, event ... share. Counted by references: coroutines that wait keep
// it, so that it may be destroyed in any order with them.
class Shared : public Pooled {
 public:
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  void retain() const noexcept { ++references_; }
  void release() const noexcept {
    if (--references_ == 0) delete this;
  }

  const Resource& resource() const noexcept { return resource_; }
  // "<Lock 1 [locked, waiters:2]>"
  virtual std::string text() const = 0;

 protected:
  explicit Shared(std::string_view type, const std::source_location& loc) noexcept
      : resource_(type, loc) {}
  explicit Shared(Resource::PartOf part) noexcept : resource_(part) {}
  virtual ~Shared() = default;

  // A future for the running task to wait with. Binds this to the running loop, if it is the first;
  // throws RuntimeError "<...> is bound to a different event loop". asyncio:
  // mixins._LoopBoundMixin
  Ref<ResourceFuture> new_place(std::string_view op);
  // Tells the trace, if there is one, what was done and what it is like now.
  void note(std::string_view op) {
    resource_.note(op, [this] { return now(); });
  }
  virtual ResourceNow now() const = 0;
  // "<Lock 1 [<what>, waiters:2]>"
  std::string text_of(std::string_view name, std::string_view what, std::size_t waiters) const;

  Resource resource_;

 private:
  unsigned loop_ = 0;  // the number of the loop it is bound to
  mutable unsigned references_ = 0;
};

}  // namespace asyncio::detail
