// Waiting without passing a cancellation on.
#pragma once

#include <asyncio/gather.hpp>

namespace asyncio {

namespace detail {

// The future under a shield(): cancelled alone, done with what it shields. asyncio: shield
class ShieldCore : private Abandonable {
 public:
  ShieldCore(EventLoop& loop, FutureBase& outer, Ref<FutureBase> inner) noexcept;
  ShieldCore(const ShieldCore&) = delete;
  ShieldCore& operator=(const ShieldCore&) = delete;

  // Once, right after construction.
  void start(const std::source_location& loc);
  // When the outer one is done, in a callback of it.
  void outer_done();

 protected:
  ~ShieldCore() = default;

 private:
  class InnerDone;
  virtual void take_result(FutureBase& inner) = 0;
  void abandon() noexcept override;
  void inner_done();

  FutureBase& outer_;
  // While neither is done. It is in a circle of references: its callback keeps the outer one.
  Ref<FutureBase> inner_;
  Ref<HandleNode> watch_;
};

template <class T>
class ShieldState final : public FutureState<T>, public ShieldCore {
 public:
  ShieldState(EventLoop& loop, const Ref<FutureState<T>>& inner)
      : FutureState<T>(loop, "shield"), ShieldCore(loop, *this, inner) {}

 private:
  void take_result(FutureBase& inner) override {
    this->set_result(take_stored(static_cast<FutureState<T>&>(inner)));
  }
};

}  // namespace detail

// A future that ends as `awaitable` does (a coroutine becomes a task, at the call), but does not
// pass a cancellation on to it: who awaits the shield can be cancelled, and what is shielded goes
// on. If it is cancelled itself, so is the shield. It is done one turn later; what is done already
// is given back as it is. Nobody holds what is shielded: keep its task when it matters how it ends.
// asyncio: shield
template <class A>
Future<detail::child_value_t<A>> shield(
    A awaitable, std::source_location loc = std::source_location::current()) {
  using T = detail::child_value_t<A>;
  Future<T> inner = detail::as_child(std::move(awaitable), loc);
  if (inner.done()) return inner;
  const detail::Ref state(new detail::ShieldState<T>(inner.get_loop(), inner.shared()));
  state->start(loc);
  Future<T> outer(state);
  outer.add_done_callback([core = state.get()](const Future<T>&) { core->outer_done(); },
                          std::source_location{});
  return outer;
}

}  // namespace asyncio
