// What the trace knows of things that tasks share or live in: locks, queues, timeouts, groups ...
//
// A class that wants to be seen holds a Resource and tells it what was done:
//
//   detail::Resource resource_{"timeout", loc};  // takes a number, says nothing yet
//   resource_.note(loop, "expired", [&] { return detail::ResourceNow{.state = "over"}; });
//
// Untraced, note() is one branch: the state is only asked for when a tracer listens. The first time
// it also tells "created". Words: `type` a noun ("lock", "event", "condition", "semaphore",
// "barrier", "queue", "timeout", "task_group", "cancel_scope", "channel", "executor"), `op` what
// was done, as a participle ("acquired", "released", "set", "put", "got", "expired", "closed" ...).
// The page takes a resource off its list at "exited", "closed" and "finished".
// Tell it where the state changed, before those who wait are woken: causes come before effects.
//
// A task that waits at a resource parks on a ResourceFuture, which says at which and for what:
//
//   const Ref future(new detail::ResourceFuture(loop, resource_, "acquire"));
//   co_await Future<>(future);
//
// and the trace says `awaiting: {kind: "lock", id: <future>, resource: 1, op: "acquire"}`. The page
// derives from it who waits at what; who holds it comes from "acquired" and "released". Combinators
// that park on a future of another type override FutureBase::awaiting() to name theirs.
#pragma once

#include <asyncio/detail/future_base.hpp>

namespace asyncio::detail {

// What a resource is like at the moment: see trace::Resource.
struct ResourceNow {
  std::string state;
  std::optional<std::int64_t> value{};
  std::optional<std::int64_t> limit{};
  std::size_t waiters = 0;
  std::optional<Instant> when{};
  std::optional<std::string> item{};
};

class Resource {
 public:
  // `type` must outlive it. `loc`: where the program made it.
  explicit Resource(std::string_view type, const std::source_location& loc = {}) noexcept
      : type_(type), loc_(loc), id_(id_source.resource()) {}
  // A part of `whole`, which speaks for it: who waits at the part waits at the whole.
  struct PartOf {
    const Resource& whole;
  };
  explicit Resource(PartOf part) noexcept
      : type_(part.whole.type_), id_(part.whole.id_), silent_(true) {}
  Resource(const Resource&) = delete;
  Resource& operator=(const Resource&) = delete;

  ResourceId id() const noexcept { return id_; }
  std::string_view type() const noexcept { return type_; }

  // `now` is called, and gives a ResourceNow, only when `loop` is traced.
  template <class Now>
  void note(const EventLoop& loop, std::string_view op, Now&& now) {
    if (loop.tracer() && !silent_) [[unlikely]]
      emit(loop, op, std::forward<Now>(now)());
  }
  // The same on the running loop; nothing is told outside of one.
  template <class Now>
  void note(std::string_view op, Now&& now) {
    if (const EventLoop* loop = running_loop()) note(*loop, op, std::forward<Now>(now));
  }

 private:
  void emit(const EventLoop& loop, std::string_view op, const ResourceNow& now);

  std::string_view type_;
  std::source_location loc_;
  ResourceId id_;
  bool told_ = false;
  bool silent_ = false;
};

// A task's place at a resource. `op`, for what it waits there, must outlive it.
class ResourceFuture final : public FutureState<void> {
 public:
  ResourceFuture(EventLoop& loop, const Resource& resource, std::string_view op) noexcept
      : FutureState(loop, resource.type()), op_(op), resource_(resource.id()) {}
  trace::Awaiting awaiting() const override { return {type(), id(), 0, {}, resource_, op_}; }

 private:
  std::string_view op_;
  ResourceId resource_;
};

}  // namespace asyncio::detail
