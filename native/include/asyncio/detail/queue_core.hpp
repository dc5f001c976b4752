// A queue without its items: who waits, what is not done yet, whether it is shut down.
#pragma once

#include <asyncio/event.hpp>

namespace asyncio {

// get_nowait() on an empty queue. asyncio: QueueEmpty
class QueueEmpty : public std::exception {
 public:
  const char* what() const noexcept override { return ""; }
};

// put_nowait() on a full queue. asyncio: QueueFull
class QueueFull : public std::exception {
 public:
  const char* what() const noexcept override { return ""; }
};

// Putting into a queue that is shut down, or getting when it is empty too. asyncio: QueueShutDown
class QueueShutDown : public std::exception {
 public:
  const char* what() const noexcept override { return ""; }
};

namespace detail {

// asyncio: Queue
class QueueCore : public Shared {
 public:
  QueueCore(std::string_view name, std::int64_t maxsize, const std::source_location& loc)
      : Shared("queue", loc),
        name_(name),
        maxsize_(maxsize),
        finished_(new EventState(Resource::PartOf{resource_}, "join", true)) {}

  virtual std::size_t size() const noexcept = 0;
  bool empty() const noexcept { return size() == 0; }
  bool full() const noexcept {
    return maxsize_ > 0 && static_cast<std::int64_t>(size()) >= maxsize_;
  }
  std::int64_t maxsize() const noexcept { return maxsize_; }
  void task_done();
  Coro<> join(Ref<QueueCore> self);
  void shutdown(bool immediate);
  std::string text() const override;

 protected:
  // Throws QueueShutDown.
  void check_open() const {
    if (shut_down_) throw QueueShutDown();
  }
  void check_can_put() const {
    check_open();
    if (full()) throw QueueFull();
  }
  void check_can_get() const {
    if (!empty()) return;
    check_open();
    throw QueueEmpty();
  }
  static bool is_traced() noexcept {
    const EventLoop* loop = running_loop();
    return loop && loop->tracer();
  }
  // An item is in, or out: wakes who waited for that.
  void note_put(std::optional<std::string> item);
  void note_got(std::optional<std::string> item);
  // Somebody who waited in `line` cannot go on: what it was woken for is the next one's.
  void give_up(WaiterLine& line, ResourceFuture& place);

  WaiterLine getters_, putters_;

 private:
  virtual void drop_item() = 0;
  void note_item(std::string_view op, std::optional<std::string> item);
  ResourceNow now() const override;

  std::string_view name_;
  std::int64_t maxsize_;
  std::int64_t unfinished_ = 0;
  bool shut_down_ = false;
  Ref<EventState> finished_;
};

}  // namespace detail
}  // namespace asyncio
