// The loop as JavaScript sees it: asyncio's names, functions for callbacks, seconds for time.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <asyncio/asyncio.hpp>
#include <emscripten/val.h>

#include "trace/recorder.hpp"

namespace loopscope {

// Shared by a loop and by what JavaScript holds of it; goes when the last of them goes.
class JsLoop : public std::enable_shared_from_this<JsLoop> {
 public:
  // `trace`: a function that gets whole lines of the trace as a Uint8Array, or undefined.
  explicit JsLoop(const emscripten::val& trace);
  JsLoop(const JsLoop&) = delete;
  JsLoop& operator=(const JsLoop&) = delete;
  ~JsLoop();

  asyncio::EventLoop& loop() noexcept { return *loop_; }

  // One run: start(), then turn() until it says false. stop() ends it.
  void start();
  bool turn();
  // Seconds that the loop may wait before its next turn; undefined: until something is scheduled.
  emscripten::val next_timeout() const;
  void close();

  // `wake` is called when something was scheduled from outside a turn: next_timeout() is another.
  void set_waker(emscripten::val wake) { wake_ = std::move(wake); }
  // To be called after anything that may schedule.
  void changed();
  void set_exception_handler(const emscripten::val& handler);

 private:
  std::unique_ptr<asyncio::trace::Recorder> recorder_;
  std::unique_ptr<asyncio::EventLoop> loop_;
  emscripten::val wake_;
  bool in_turn_ = false;
};

class JsFuture {
 public:
  explicit JsFuture(JsLoop& loop);
  bool done() const noexcept { return future_.done(); }
  bool cancelled() const noexcept { return future_.cancelled(); }
  bool cancel(const std::string& message);
  emscripten::val result() const { return future_.result(); }
  emscripten::val exception() const;
  void set_result(const emscripten::val& value);
  void set_exception(const emscripten::val& error);
  // `callback` is called with nothing, through the ready queue.
  void add_done_callback(const emscripten::val& callback);
  // The same promise each time: settled by a done callback, so its reactions run after the turn in
  // which other done callbacks ran.
  emscripten::val promise();

 private:
  std::shared_ptr<JsLoop> loop_;
  asyncio::Future<emscripten::val> future_;
  std::optional<emscripten::val> promise_;
};

}  // namespace loopscope
