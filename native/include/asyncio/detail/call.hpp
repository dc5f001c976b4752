// One call of a coroutine: its frame, and then what it ended with.
#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace asyncio::detail {

// One call of a coroutine, kept by whoever runs it (the awaiter, or the task): the frame until the
// body has ended, and then what it ended with. It learns by itself that the frame has gone, for
// whoever runs it may never ask: compilers resume all awaits of an expression before they ask the
// first, and what stands between them may throw.
class Call {
 public:
  explicit Call(std::coroutine_handle<> frame) noexcept : frame_(frame) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() {
    if (frame_) [[unlikely]]
      drop();
  }
  // Whether there is a body that has not ended.
  bool has_frame() const noexcept { return frame_ && !failed(); }
  std::coroutine_handle<> frame() const noexcept { return frame_; }
  void set_frame(std::coroutine_handle<> frame) noexcept { frame_ = frame; }
  // If the body has not ended.
  void drop_frame() noexcept;

  // The body returns.
  void returns() noexcept { frame_ = nullptr; }
  // The body threw what is being handled.
  void fail() noexcept;
  // The body has ended; throws what it threw.
  void end() {
    if (frame_) [[unlikely]]
      rethrow();
  }
  // The same, and gives what it threw, or null.
  std::exception_ptr end_quietly() noexcept;

 private:
  // In place of a frame: the body threw.
  static constexpr char failure_{};
  bool failed() const noexcept { return frame_.address() == &failure_; }
  void drop() noexcept;
  [[noreturn]] void rethrow();

  std::coroutine_handle<> frame_;  // null once the body returned, or what it threw was asked for
  union {
    std::exception_ptr exception_;  // while failed()
  };
};

// With room for what the body returns.
template <class T>
class CallOf : public Call {
 public:
  using Call::Call;
  template <class V>
  void set_value(V&& value) {
    value_.emplace(std::forward<V>(value));
    returns();
  }
  // After end().
  T take() { return std::move(*value_); }

 private:
  std::optional<T> value_;
};
// One flag less to write and to ask.
template <class T>
  requires std::is_trivially_destructible_v<T>
class CallOf<T> : public Call {
 public:
  explicit CallOf(std::coroutine_handle<> frame) noexcept : Call(frame) {}
  template <class V>
  void set_value(V&& value) {
    std::construct_at(std::addressof(value_), std::forward<V>(value));
    returns();
  }
  // After end().
  T take() { return std::move(value_); }

 private:
  union {
    T value_;
  };
};
template <>
class CallOf<void> : public Call {
 public:
  using Call::Call;
  void take() const noexcept {}
};

}  // namespace asyncio::detail
