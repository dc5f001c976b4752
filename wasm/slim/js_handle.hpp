// Handles as JavaScript has them: see handle.js.
#pragma once

#include <utility>

#include <asyncio/handle.hpp>
#include <emscripten/val.h>

namespace loopscope {

class JsLoop;

// An object of class Handle, or TimerHandle, for a function.
emscripten::val make_js_handle(const emscripten::val& callback);
emscripten::val make_js_timer_handle(const emscripten::val& callback, double when);

// What a loop keeps of one: calls its function, and tells the object when it is gone.
class JsCallback {
 public:
  explicit JsCallback(emscripten::val handle) noexcept : handle_(std::move(handle)) {}
  JsCallback(JsCallback&& other) noexcept
      : handle_(std::move(other.handle_)), held_(std::exchange(other.held_, false)) {}
  ~JsCallback();
  // Throws what the function throws as a JsError.
  void operator()();

 private:
  emscripten::val handle_;
  bool held_ = true;
};

// Tells `object` which handle it is, so that it can be cancelled.
void bind_js_handle(const emscripten::val& object, asyncio::Handle handle, JsLoop& loop);

}  // namespace loopscope
