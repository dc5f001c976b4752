// Channels: an idea of Trio's.
#pragma once

#include <deque>
#include <limits>
#include <list>
#include <optional>

#include <asyncio/coro.hpp>
#include <asyncio/detail/resource.hpp>
#include <asyncio/detail/temporary.hpp>
#include <asyncio/detail/value_text.hpp>

namespace asyncio {

// This end was closed, before or while it was used. Trio: ClosedResourceError
class ClosedResourceError : public std::runtime_error {
 public:
  ClosedResourceError() : std::runtime_error("this end of the channel is closed") {}
};

// Nobody is left who could receive. Trio: BrokenResourceError
class BrokenResourceError : public std::runtime_error {
 public:
  BrokenResourceError() : std::runtime_error("the channel has no receivers any more") {}
};

// Nothing is left, and nobody who could send more. Trio: EndOfChannel
class EndOfChannel : public std::runtime_error {
 public:
  EndOfChannel() : std::runtime_error("the channel has no senders any more") {}
};

// It could not be done without waiting. Trio: WouldBlock
class WouldBlock : public std::runtime_error {
 public:
  WouldBlock() : std::runtime_error("it would have to wait") {}
};

// How full a channel is, and who waits at it. Trio: MemoryChannelStatistics
struct ChannelStatistics {
  std::size_t current_buffer_used, max_buffer_size;
  std::size_t open_send_channels, open_receive_channels;
  std::size_t tasks_waiting_send, tasks_waiting_receive;
};

// A capacity without a limit.
inline constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

namespace detail {

// A task that waits at one end of a channel: lives in the frame of its coroutine.
struct ChannelWaiter {
  enum class Outcome : unsigned char { waiting, passed, closed, broken, ended };

  ChannelWaiter(EventLoop& loop, const Resource& channel, std::string_view op, std::uint64_t number)
      : future(new ResourceFuture(loop, channel, op)), end(number) {}
  void settle(Outcome with) {
    outcome = with;
    if (!future->done()) future->set_result();
  }

  Ref<ResourceFuture> future;
  std::uint64_t end;  // at which it waits
  Outcome outcome = Outcome::waiting;
};

// The waiters at one side, first come first served. A place in it is left with the coroutine.
class ChannelLine {
 public:
  class Place {
   public:
    Place(ChannelLine& line, ChannelWaiter& waiter)
        : line_(line), at_(line.waiters_.insert(line.waiters_.end(), &waiter)) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { line_.waiters_.erase(at_); }

   private:
    ChannelLine& line_;
    std::list<ChannelWaiter*>::iterator at_;
  };

  // The first that still waits, or null.
  ChannelWaiter* first() const noexcept;
  std::size_t waiting() const noexcept;
  // Ends the waits at one end, or at all.
  void settle(ChannelWaiter::Outcome outcome, std::optional<std::uint64_t> end = std::nullopt);

 private:
  std::list<ChannelWaiter*> waiters_;
};

// A channel without its values: who has an end of it, and who waits.
class ChannelCore : public Pooled {
 public:
  ChannelCore(std::size_t capacity, const std::source_location& loc) noexcept
      : capacity_(capacity), resource_("channel", loc) {}
  ChannelCore(const ChannelCore&) = delete;
  ChannelCore& operator=(const ChannelCore&) = delete;

  void retain() const noexcept { ++references_; }
  void release() const noexcept {
    if (--references_ == 0) delete this;
  }

  // When both ends are open.
  void note_created() { note("created"); }
  std::uint64_t open_sender() noexcept;
  std::uint64_t open_receiver() noexcept;
  // Nothing when it is closed already.
  void close_sender(std::uint64_t& end);
  void close_receiver(std::uint64_t& end);
  ChannelStatistics statistics() const noexcept;

 protected:
  virtual ~ChannelCore() = default;
  virtual std::size_t size() const noexcept = 0;
  virtual void drop_values() noexcept = 0;

  // Waits until somebody settles `waiter`; throws what it was settled with.
  static Coro<> wait([[maybe_unused]] Ref<ChannelCore> self, ChannelLine& line,
                     ChannelWaiter& waiter);
  void note(std::string_view op, std::optional<std::string> item = std::nullopt);
  void note_closed(std::string_view end);
  bool has_senders() const noexcept { return senders_ > 0; }
  bool has_receivers() const noexcept { return receivers_ > 0; }

  const std::size_t capacity_;
  Resource resource_;
  ChannelLine sending_, receiving_;

 private:
  std::size_t senders_ = 0, receivers_ = 0;
  std::uint64_t last_end_ = 0;
  mutable unsigned references_ = 0;
};

template <class T>
class ChannelState final : public ChannelCore {
 public:
  using ChannelCore::ChannelCore;

  static Coro<> send(Ref<ChannelState> self, std::uint64_t end, T value) {
    if (self->try_send(end, value)) co_return;
    Sender sender(get_running_loop(), self->resource_, "send", end, std::move(value));
    Coro<> waiting = wait(self, self->sending_, sender);
    co_await waiting;
  }
  void send_nowait(std::uint64_t end, T value) {
    if (!try_send(end, value)) throw WouldBlock();
  }
  static Coro<T> receive(Ref<ChannelState> self, std::uint64_t end) {
    if (std::optional<T> value = self->try_receive(end)) co_return std::move(*value);
    Receiver receiver(get_running_loop(), self->resource_, "receive", end);
    Coro<> waiting = wait(self, self->receiving_, receiver);
    co_await waiting;
    co_return std::move(*receiver.value);
  }
  T receive_nowait(std::uint64_t end) {
    std::optional<T> value = try_receive(end);
    if (!value) throw WouldBlock();
    return std::move(*value);
  }

 private:
  struct Sender : ChannelWaiter {
    Sender(EventLoop& loop, const Resource& channel, std::string_view op, std::uint64_t number,
           T sent)
        : ChannelWaiter(loop, channel, op, number), value(std::move(sent)) {}
    T value;
  };
  struct Receiver : ChannelWaiter {
    using ChannelWaiter::ChannelWaiter;
    std::optional<T> value;
  };

  // False, and the value is left, when it would have to wait.
  bool try_send(std::uint64_t end, T& value) {
    if (end == 0) throw ClosedResourceError();
    if (!has_receivers()) throw BrokenResourceError();
    std::optional<std::string> text = traced_text(value);
    if (ChannelWaiter* const first = receiving_.first()) {
      static_cast<Receiver*>(first)->value.emplace(std::move(value));
      note("sent", std::move(text));
      first->settle(ChannelWaiter::Outcome::passed);
    } else if (values_.size() < capacity_) {
      values_.push_back(std::move(value));
      note("sent", std::move(text));
    } else {
      return false;
    }
    return true;
  }
  std::optional<T> try_receive(std::uint64_t end) {
    if (end == 0) throw ClosedResourceError();
    std::optional<T> value;
    if (!values_.empty()) {
      value.emplace(std::move(values_.front()));
      values_.pop_front();
    }
    // The first who waits to send comes up.
    if (ChannelWaiter* const first = sending_.first()) {
      T& next = static_cast<Sender*>(first)->value;
      if (value) {
        values_.push_back(std::move(next));
      } else {
        value.emplace(std::move(next));
      }
      first->settle(ChannelWaiter::Outcome::passed);
    }
    if (!value && !has_senders()) throw EndOfChannel();
    if (value) note("received", traced_text(*value));
    return value;
  }
  static std::optional<std::string> traced_text(const T& value) {
    const EventLoop* const loop = running_loop();
    return loop && loop->tracer() ? value_text(value) : std::nullopt;
  }
  std::size_t size() const noexcept override { return values_.size(); }
  void drop_values() noexcept override { values_.clear(); }

  std::deque<T> values_;
};

}  // namespace detail

// The end where values go in. Not copied but cloned: the channel ends for its receivers when the
// last sender is closed, and a sender is closed when it is destroyed, as with `async with
// channel:`. Move one into each task that sends.
// Trio: MemorySendChannel
template <class T>
class [[nodiscard]] MemorySendChannel {
 public:
  explicit MemorySendChannel(detail::Ref<detail::ChannelState<T>> state) noexcept
      : state_(std::move(state)), end_(state_->open_sender()) {}
  MemorySendChannel(MemorySendChannel&& other) noexcept
      : state_(std::move(other.state_)), end_(std::exchange(other.end_, 0)) {}
  MemorySendChannel& operator=(MemorySendChannel&& other) noexcept {
    std::swap(state_, other.state_);
    std::swap(end_, other.end_);
    return *this;
  }
  ~MemorySendChannel() {
    if (state_) close();
  }

  // Waits while the channel is full, first come first served; no turn when it is not. Cancelled:
  // the value was not sent. One that was taken before the cancellation came counts as sent: then
  // CancelledError comes at the next await. Throws ClosedResourceError when this end is or gets
  // closed, BrokenResourceError when no receiver is left.
  Coro<> send(const T& value) const { return detail::ChannelState<T>::send(state_, end_, value); }
  Coro<> send(T&& value) const {
    detail::check_temporary<T>();
    return detail::ChannelState<T>::send(state_, end_, std::move(value));
  }
  // The same, or throws WouldBlock.
  void send_nowait(T value) const { state_->send_nowait(end_, std::move(value)); }
  // Another sender. Throws ClosedResourceError.
  MemorySendChannel clone() const {
    if (end_ == 0) throw ClosedResourceError();
    return MemorySendChannel(state_);
  }
  // Those who wait in this end's send() get ClosedResourceError. Twice: does nothing.
  void close() { state_->close_sender(end_); }
  ChannelStatistics statistics() const noexcept { return state_->statistics(); }

 private:
  detail::Ref<detail::ChannelState<T>> state_;
  std::uint64_t end_;  // 0: closed
};

// The end where values come out. Several may receive: each value goes to one of them.
// Trio: MemoryReceiveChannel
template <class T>
class [[nodiscard]] MemoryReceiveChannel {
 public:
  explicit MemoryReceiveChannel(detail::Ref<detail::ChannelState<T>> state) noexcept
      : state_(std::move(state)), end_(state_->open_receiver()) {}
  MemoryReceiveChannel(MemoryReceiveChannel&& other) noexcept
      : state_(std::move(other.state_)), end_(std::exchange(other.end_, 0)) {}
  MemoryReceiveChannel& operator=(MemoryReceiveChannel&& other) noexcept {
    std::swap(state_, other.state_);
    std::swap(end_, other.end_);
    return *this;
  }
  ~MemoryReceiveChannel() {
    if (state_) close();
  }

  // Waits for a value, first come first served; no turn when there is one. Cancelled: it has taken
  // none. Throws EndOfChannel when nothing is left and all senders are closed, ClosedResourceError
  // when this end is or gets closed.
  Coro<T> receive() const { return detail::ChannelState<T>::receive(state_, end_); }
  // The same, or throws WouldBlock.
  T receive_nowait() const { return state_->receive_nowait(end_); }
  // The next value, or nullopt at the end: `while (auto value = co_await channel.next())`.
  // Trio: `async for value in channel`
  Coro<std::optional<T>> next() const { return next_of(state_, end_); }
  MemoryReceiveChannel clone() const {
    if (end_ == 0) throw ClosedResourceError();
    return MemoryReceiveChannel(state_);
  }
  // The last receiver takes with it what nobody has received; those who wait to send get
  // BrokenResourceError.
  void close() { state_->close_receiver(end_); }
  ChannelStatistics statistics() const noexcept { return state_->statistics(); }

 private:
  static Coro<std::optional<T>> next_of(detail::Ref<detail::ChannelState<T>> state,
                                        std::uint64_t end) {
    std::optional<T> value;
    try {
      Coro<T> receiving = detail::ChannelState<T>::receive(state, end);
      T received = co_await receiving;
      value.emplace(std::move(received));
    } catch (const EndOfChannel&) {
    }
    co_return std::move(value);
  }

  detail::Ref<detail::ChannelState<T>> state_;
  std::uint64_t end_;
};

// `auto [sender, receiver] = open_memory_channel<int>(10)`: a channel that holds up to `capacity`
// values. With 0, each value waits until somebody receives it. `unbounded`: no limit.
// Trio: open_memory_channel
template <class T>
std::pair<MemorySendChannel<T>, MemoryReceiveChannel<T>> open_memory_channel(
    std::size_t capacity, std::source_location loc = std::source_location::current()) {
  const detail::Ref state(new detail::ChannelState<T>(capacity, loc));
  std::pair ends{MemorySendChannel<T>(state), MemoryReceiveChannel<T>(state)};
  state->note_created();
  return ends;
}

}  // namespace asyncio
