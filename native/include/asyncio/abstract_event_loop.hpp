// Loops of your own making.
#pragma once

#include <asyncio/event_loop.hpp>

namespace asyncio {

// What a loop must be able to do, for those who write one: to learn, or to live in a host that has
// a loop already. Every method throws NotImplementedError until it is overridden. Tasks, futures
// and sleep() need call_soon(), call_at(), time(), run_forever() and stop(); what is not used need
// not be there.
//
// A derived loop keeps Handles and calls their run(), each in its turn. Two helpers say where a run
// and where a turn begin and end:
//
//   void run_forever() override {
//     const RunScope run(*this);
//     do {
//       const TurnScope turn(*this, ready_.size());
//       for (std::size_t left = ready_.size(); left > 0; --left) take_first().run();
//     } while (!std::exchange(stopping_, false));
//   }
//
// Everything else (tasks, the exception handler, debug mode, who is the running loop) is
// EventLoop's, and run(), Runner and get_running_loop() take such a loop for any other. Close it
// before it is destroyed: closing destroys the frames of tasks that never finished, which may still
// call it.
//
// Callers use it as an EventLoop&, whose templates (call_soon(lambda) ...) the overrides hide.
//
// Differs from asyncio: there EventLoop derives from AbstractEventLoop. Here it is the other way
// round, so that scheduling on the library's own loop is no virtual call.
// asyncio: AbstractEventLoop
class AbstractEventLoop : public EventLoop {
 public:
  ~AbstractEventLoop() override;

  // The handle's run() is to be called in the next turn, after all that came before it.
  virtual void call_soon(Handle handle);
  // ... when time() has reached handle.when(). A cancelled handle's run() does nothing.
  virtual void call_at(TimerHandle handle);
  // ... soon, and on any thread: the handle must be moved, never copied, until the loop's own
  // thread has it.
  virtual void call_soon_threadsafe(Handle handle);
  virtual Instant time() const;
  // Until stop().
  virtual void run_forever();
  virtual void stop();
  // Marks it as closed and ends the tasks. A derived loop calls this, then lets go of its handles.
  virtual void close();

  virtual void watch_fd(int fd, Interest interest, Handle handle);
  virtual bool unwatch_fd(int fd, Interest interest);
  virtual void watch_signal(int signal, Handle handle);
  virtual bool unwatch_signal(int signal);

  // Where no handler is set. The library's own logs it. asyncio:
  // AbstractEventLoop.default_exception_handler
  virtual void default_exception_handler(const ExceptionContext& context);

 protected:
  AbstractEventLoop();

  // While it lives this is the running loop of its thread. Throws what run_forever() throws on a
  // closed or a running loop. asyncio: BaseEventLoop._run_forever_setup, _run_forever_cleanup
  class RunScope {
   public:
    explicit RunScope(AbstractEventLoop& loop);
    RunScope(const RunScope&) = delete;
    RunScope& operator=(const RunScope&) = delete;
    ~RunScope();

   private:
    AbstractEventLoop& loop_;
    EventLoop* previous_;
  };
  // A turn, for the trace: so many handles are ready when it begins.
  class TurnScope {
   public:
    explicit TurnScope(AbstractEventLoop& loop, std::size_t ready, std::size_t timers = 0);
    TurnScope(const TurnScope&) = delete;
    TurnScope& operator=(const TurnScope&) = delete;
    ~TurnScope();

   private:
    AbstractEventLoop& loop_;
    std::size_t ran_before_;
  };

 private:
  friend class EventLoop;
  friend class Handle;
  void schedule(detail::Ref<detail::HandleNode> node, trace::Cause cause);
  void run(detail::HandleNode& node);

  std::size_t ran_ = 0;
};

}  // namespace asyncio
