// The slim module for JavaScript and TypeScript: what `class EventLoop` offers there. Thin: the
// names are asyncio's, the loop is the library's; slim/ has what lies between. loop_driver.ts runs
// such a loop on the host's own.
#include <cmath>

#include <emscripten/bind.h>

#include "core/seconds.hpp"
#include "slim/js_call.hpp"
#include "slim/js_handle.hpp"
#include "slim/js_loop.hpp"

using emscripten::val;

namespace loopscope {

// How the generated types call what is a plain value in C++.
EMSCRIPTEN_DECLARE_VAL_TYPE(Callback);
EMSCRIPTEN_DECLARE_VAL_TYPE(Handle);
EMSCRIPTEN_DECLARE_VAL_TYPE(TimerHandle);
EMSCRIPTEN_DECLARE_VAL_TYPE(Waker);
EMSCRIPTEN_DECLARE_VAL_TYPE(TraceSink);
EMSCRIPTEN_DECLARE_VAL_TYPE(ExceptionHandler);
EMSCRIPTEN_DECLARE_VAL_TYPE(OptionalSeconds);
EMSCRIPTEN_DECLARE_VAL_TYPE(Unknown);
EMSCRIPTEN_DECLARE_VAL_TYPE(UnknownPromise);

namespace {

constexpr std::source_location kNowhere{};

asyncio::Duration checked_duration(const char* what, double seconds) {
  if (std::isnan(seconds)) {
    const std::string text = std::string(what) + " is NaN, not a number of seconds";
    throw JsError(val::global("RangeError").new_(text));
  }
  return asyncio::to_duration(seconds);
}

std::shared_ptr<JsLoop> make_loop() {
  return for_js([] { return std::make_shared<JsLoop>(val::undefined()); });
}
std::shared_ptr<JsLoop> make_traced_loop(const TraceSink& sink) {
  return for_js([&] { return std::make_shared<JsLoop>(sink); });
}

Handle call_soon(JsLoop& self, const Callback& callback) {
  return for_js([&] {
    val handle = make_js_handle(callback);
    bind_js_handle(handle, self.loop().call_soon(JsCallback(handle), kNowhere), self);
    self.changed();
    return Handle(std::move(handle));
  });
}

TimerHandle make_timer(JsLoop& self, asyncio::Instant when, const Callback& callback) {
  val handle = make_js_timer_handle(callback, asyncio::seconds(when));
  bind_js_handle(handle, self.loop().call_at(when, JsCallback(handle), kNowhere), self);
  self.changed();
  return TimerHandle(std::move(handle));
}

TimerHandle call_at(JsLoop& self, double when, const Callback& callback) {
  return for_js([&] {
    return make_timer(self, asyncio::Instant(checked_duration("call_at: when", when)), callback);
  });
}

TimerHandle call_later(JsLoop& self, double delay, const Callback& callback) {
  return for_js([&] {
    return make_timer(self, self.loop().after(checked_duration("call_later: delay", delay)),
                      callback);
  });
}

std::shared_ptr<JsFuture> create_future(JsLoop& self) { return std::make_shared<JsFuture>(self); }

double time(JsLoop& self) { return asyncio::seconds(self.loop().time()); }
OptionalSeconds next_timeout(JsLoop& self) { return OptionalSeconds(self.next_timeout()); }
void start(JsLoop& self) {
  for_js([&] { self.start(); });
}
bool turn(JsLoop& self) {
  return for_js([&] { return self.turn(); });
}
void stop(JsLoop& self) {
  self.loop().stop();
  for_js([&] { self.changed(); });
}
void close(JsLoop& self) {
  for_js([&] { self.close(); });
}
bool is_running(JsLoop& self) { return self.loop().is_running(); }
bool is_closed(JsLoop& self) { return self.loop().is_closed(); }
void set_waker(JsLoop& self, const Waker& waker) { self.set_waker(waker); }
void set_exception_handler(JsLoop& self, const ExceptionHandler& handler) {
  self.set_exception_handler(handler);
}

bool cancel(JsFuture& self, const std::string& message) {
  return for_js([&] { return self.cancel(message); });
}
bool cancel_plainly(JsFuture& self) { return cancel(self, {}); }
Unknown result(JsFuture& self) {
  return for_js([&] { return Unknown(self.result()); });
}
Unknown exception(JsFuture& self) {
  return for_js([&] { return Unknown(self.exception()); });
}
void set_result(JsFuture& self, const Unknown& value) {
  for_js([&] { self.set_result(value); });
}
void set_exception(JsFuture& self, const Unknown& error) {
  for_js([&] { self.set_exception(error); });
}
void add_done_callback(JsFuture& self, const Callback& callback) {
  for_js([&] { self.add_done_callback(callback); });
}
UnknownPromise promise(JsFuture& self) {
  return for_js([&] { return UnknownPromise(self.promise()); });
}

}  // namespace
}  // namespace loopscope

EMSCRIPTEN_BINDINGS(loopscope) {
  using namespace emscripten;
  using namespace loopscope;

  register_type<Callback>("() => void");
  register_type<Handle>("{ cancel(): void; cancelled(): boolean }");
  register_type<TimerHandle>("{ cancel(): void; cancelled(): boolean; when(): number }");
  register_type<Waker>("(() => void) | null");
  register_type<TraceSink>("(lines: Uint8Array) => void");
  register_type<ExceptionHandler>(
      "((context: { message: string; exception: unknown; object: string }) => void) | null");
  register_type<OptionalSeconds>("number | undefined");
  register_type<Unknown>("unknown");
  register_type<UnknownPromise>("Promise<unknown>");

  class_<JsFuture>("Future")
      .smart_ptr<std::shared_ptr<JsFuture>>("SharedFuture")
      .function("done", &JsFuture::done)
      .function("cancelled", &JsFuture::cancelled)
      .function("cancel", &cancel_plainly)
      .function("cancel", &loopscope::cancel)
      .function("result", &result)
      .function("exception", &loopscope::exception)
      .function("set_result", &set_result)
      .function("set_exception", &set_exception)
      .function("add_done_callback", &add_done_callback)
      .function("promise", &promise);
  class_<JsLoop>("EventLoop")
      .smart_ptr_constructor("SharedEventLoop", &make_loop)
      .class_function("traced", &make_traced_loop, nonnull<ret_val>())
      .function("call_soon", &call_soon)
      .function("call_later", &call_later)
      .function("call_at", &call_at)
      .function("time", &loopscope::time)
      .function("create_future", &create_future, nonnull<ret_val>())
      .function("start", &start)
      .function("turn", &turn)
      .function("next_timeout", &next_timeout)
      .function("set_waker", &set_waker)
      .function("stop", &stop)
      .function("close", &loopscope::close)
      .function("is_running", &is_running)
      .function("is_closed", &is_closed)
      .function("set_exception_handler", &set_exception_handler);
}
