#include <asyncio/policy.hpp>

namespace asyncio {

namespace {

thread_local EventLoop* current_here = nullptr;

// Leaked on purpose: loops may be asked for until the very end.
struct Policies {
  DefaultEventLoopPolicy usual;
  std::unique_ptr<AbstractEventLoopPolicy> set;
};
Policies& policies() {
  static Policies& instance = *new Policies;
  return instance;
}

}  // namespace

EventLoop& AbstractEventLoopPolicy::get_event_loop() {
  throw NotImplementedError("get_event_loop()");
}
void AbstractEventLoopPolicy::set_event_loop(EventLoop*) {
  throw NotImplementedError("set_event_loop()");
}
std::unique_ptr<EventLoop> AbstractEventLoopPolicy::new_event_loop() {
  throw NotImplementedError("new_event_loop()");
}

EventLoop& DefaultEventLoopPolicy::get_event_loop() {
  if (current_here) return *current_here;
  throw RuntimeError("There is no current event loop in this thread.");
}
void DefaultEventLoopPolicy::set_event_loop(EventLoop* loop) { current_here = loop; }
std::unique_ptr<EventLoop> DefaultEventLoopPolicy::new_event_loop() {
  return asyncio::new_event_loop(std::string_view());
}

AbstractEventLoopPolicy& get_event_loop_policy() {
  Policies& all = policies();
  return all.set ? *all.set : all.usual;
}

void set_event_loop_policy(std::unique_ptr<AbstractEventLoopPolicy> policy) {
  policies().set = std::move(policy);
}

std::unique_ptr<EventLoop> new_event_loop() { return get_event_loop_policy().new_event_loop(); }

void set_event_loop(EventLoop* loop) { get_event_loop_policy().set_event_loop(loop); }

void detail::forget_event_loop(const EventLoop& loop) noexcept {
  if (current_here == &loop) current_here = nullptr;
}

}  // namespace asyncio
