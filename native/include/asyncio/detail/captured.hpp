// A callable with what it captured.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace asyncio::detail {

// Within a handler: a destructor threw where nobody can catch it; the log tells of it.
// Python: sys.unraisablehook, which hears of what __del__ raises
void log_thrown_by_destructor() noexcept;

// An optional<F> whose destructor may throw: handles, jobs and the like are freed where nothing may
// be thrown.
template <class F>
class Captured {
 public:
  template <class G>
  explicit Captured(std::in_place_t, G&& callable) : callable_(std::forward<G>(callable)) {}
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  ~Captured() noexcept { reset(); }

  F& operator*() noexcept { return callable_; }
  void reset() noexcept {
    if (!std::exchange(there_, false)) return;
    if constexpr (std::is_nothrow_destructible_v<F>) {
      std::destroy_at(std::addressof(callable_));
    } else {
      try {
        callable_.~F();  // not destroy_at, which is noexcept
      } catch (...) {
        log_thrown_by_destructor();
      }
    }
  }

 private:
  union {
    F callable_;
  };
  bool there_ = true;
};

}  // namespace asyncio::detail
