// What a lock and a semaphore have in common: they are acquired and given back.
#pragma once

#include <asyncio/coro.hpp>
#include <asyncio/detail/waiters.hpp>

namespace asyncio {

namespace detail {

class Acquirable : public Shared {
 public:
  // `self`: whoever waits keeps it.
  virtual Coro<bool> acquire(Ref<Acquirable> self) = 0;
  virtual void give_back() = 0;
  virtual bool locked() const noexcept = 0;

 protected:
  using Shared::Shared;
};

}  // namespace detail

// Holds a lock, a semaphore or a condition's lock until the end of the scope: `async with`.
//
//   const auto held = co_await lock.scoped();
//
// Can be moved. What giving back throws in the destructor (the program has released it by hand)
// goes to the loop's exception handler.
// asyncio: locks._ContextManagerMixin
class [[nodiscard("it is given back at once")]] Held {
 public:
  explicit Held(detail::Ref<detail::Acquirable> what) noexcept : what_(std::move(what)) {}
  Held(Held&&) noexcept = default;
  Held& operator=(Held&& other) noexcept {
    std::swap(what_, other.what_);
    return *this;
  }
  ~Held();

  // Gives back now; at the end of the scope nothing more happens.
  void release() {
    if (const auto what = std::exchange(what_, nullptr)) what->give_back();
  }

 private:
  detail::Ref<detail::Acquirable> what_;
};

namespace detail {

Coro<Held> acquire_scoped(Ref<Acquirable> what);

}  // namespace detail

}  // namespace asyncio
