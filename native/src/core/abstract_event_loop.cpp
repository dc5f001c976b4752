#include <asyncio/abstract_event_loop.hpp>

#include "core/loop_access.hpp"

namespace asyncio {

namespace {

[[noreturn]] void not_implemented(const char* method) { throw NotImplementedError(method); }

}  // namespace

AbstractEventLoop::AbstractEventLoop() : EventLoop({}, detail::tracer_of_process()) {
  // EventLoop asks its clock for the time; here that is the loop itself.
  struct OwnClock final : Clock {
    explicit OwnClock(const AbstractEventLoop& loop) : loop(loop) {}
    Instant now() const override { return loop.time(); }
    const AbstractEventLoop& loop;
  };
  backend_.clock = std::make_shared<OwnClock>(*this);
  foreign_ = this;
  attention_.set(detail::Attention::foreign);
}

AbstractEventLoop::~AbstractEventLoop() {
  // From here on it is a loop like any other, for the derived part is gone.
  struct Stopped final : Clock {
    Instant now() const override { return {}; }
  };
  backend_.clock = std::make_shared<Stopped>();
  foreign_ = nullptr;
  attention_.set(detail::Attention::foreign, false);
}

void AbstractEventLoop::call_soon(Handle) { not_implemented("call_soon()"); }
void AbstractEventLoop::call_at(TimerHandle) { not_implemented("call_at()"); }
void AbstractEventLoop::call_soon_threadsafe(Handle) { not_implemented("call_soon_threadsafe()"); }
Instant AbstractEventLoop::time() const { not_implemented("time()"); }
void AbstractEventLoop::run_forever() { not_implemented("run_forever()"); }
void AbstractEventLoop::stop() { not_implemented("stop()"); }

void AbstractEventLoop::watch_fd(int, Interest interest, Handle) {
  not_implemented(interest == Interest::read ? "add_reader()" : "add_writer()");
}
bool AbstractEventLoop::unwatch_fd(int, Interest interest) {
  not_implemented(interest == Interest::read ? "remove_reader()" : "remove_writer()");
}
void AbstractEventLoop::watch_signal(int, Handle) { not_implemented("add_signal_handler()"); }
bool AbstractEventLoop::unwatch_signal(int) { not_implemented("remove_signal_handler()"); }

void AbstractEventLoop::default_exception_handler(const ExceptionContext& context) {
  EventLoop::default_exception_handler(context);
}

void AbstractEventLoop::close() {
  if (is_running()) throw RuntimeError("Cannot close a running event loop");
  if (is_closed()) return;
  mark_closed();
  ending_ = true;
  abandon_tasks();
  if (tracer()) emit(trace::LoopClose{});
}

void AbstractEventLoop::schedule(detail::Ref<detail::HandleNode> node, trace::Cause cause) {
  node->loop = this;
  node->id = detail::id_source.handle();
  node->place = detail::HandleNode::Place::ready;
  if (tracer()) note_scheduled(*node, cause);
  call_soon(Handle(std::move(node)));
}

void AbstractEventLoop::run(detail::HandleNode& node) {
  if (node.id == 0) {  // it came from another thread, and gets its number here
    node.id = detail::id_source.handle();
    if (tracer()) note_scheduled(node, {});
  }
  ++ran_;
  node.place = detail::HandleNode::Place::nowhere;
  run_one_handle(node);
}

AbstractEventLoop::RunScope::RunScope(AbstractEventLoop& loop) : loop_(loop) {
  loop.begin_run();
  previous_ = detail::exchange_running_loop(&loop);
}

AbstractEventLoop::RunScope::~RunScope() {
  detail::exchange_running_loop(previous_);
  loop_.end_run();
}

AbstractEventLoop::TurnScope::TurnScope(AbstractEventLoop& loop, std::size_t ready,
                                        std::size_t timers)
    : loop_(loop), ran_before_(loop.ran_) {
  ++loop.turn_;
  if (loop.tracer()) loop.emit(trace::TurnBegin{ready, timers, Duration::zero()});
}

AbstractEventLoop::TurnScope::~TurnScope() {
  if (loop_.tracer()) loop_.emit(trace::TurnEnd{loop_.ran_ - ran_before_});
}

}  // namespace asyncio
