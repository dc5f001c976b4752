#include "slim/js_loop.hpp"

#include <string_view>

#include <asyncio/log.hpp>
#include <emscripten/em_js.h>

#include "backends/clocks.hpp"
#include "core/loop_access.hpp"
#include "js_poller.hpp"
#include "slim/js_call.hpp"

using asyncio::detail::LoopAccess;
using emscripten::val;

// clang-format off
EM_JS(emscripten::EM_VAL, loopscope_deferred, (), {
  const deferred = {};
  deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, {resolve, reject}));
  return Emval.toHandle(deferred);
})
EM_JS(void, loopscope_log, (bool error, const char* text, std::size_t size), {
  const line = UTF8ToString(text, size);
  if (error) console.error(line);
  else console.warn(line);
})
// clang-format on

namespace loopscope {

namespace {

void log_to_console(asyncio::LogLevel level, std::string_view text) noexcept {
  loopscope_log(level == asyncio::LogLevel::error, text.data(), text.size());
}

// Callbacks come from JavaScript: there is no place in C++ to tell.
constexpr std::source_location kNowhere{};

}  // namespace

JsLoop::JsLoop(const val& trace) {
  asyncio::set_log_sink(&log_to_console);
  const auto clock = std::make_shared<asyncio::MonotonicClock>();
  if (!trace.isUndefined()) {
    recorder_ = std::make_unique<asyncio::trace::Recorder>(
        asyncio::trace::Header{"javascript", "real", {{"backend", "js"}}}, clock,
        asyncio::trace::Limits{}, [trace](std::string_view lines) {
          const val view(emscripten::typed_memory_view(
              lines.size(), reinterpret_cast<const unsigned char*>(lines.data())));
          loopscope::call(trace, view.call<val>("slice"));
        });
  }
  loop_ = std::make_unique<asyncio::EventLoop>(
      asyncio::EventLoop::Backend{clock, std::make_shared<JsPoller>(nullptr)}, recorder_.get());
}

JsLoop::~JsLoop() {
  loop_.reset();
  if (recorder_) recorder_->finish({false, 0, {}});
}

void JsLoop::start() { LoopAccess::begin_run(*loop_); }

bool JsLoop::turn() {
  if (!loop_->is_running())
    throw asyncio::RuntimeError("turn() needs a loop that was started and has not stopped");
  in_turn_ = true;
  loop_->turn(asyncio::Duration::zero());
  in_turn_ = false;
  const bool stopped = LoopAccess::stopping(*loop_);
  if (stopped) LoopAccess::end_run(*loop_);
  if (recorder_ && (stopped || loop_->next_timeout() != asyncio::Duration::zero()))
    recorder_->flush();
  return !stopped;
}

val JsLoop::next_timeout() const {
  const std::optional<asyncio::Duration> timeout = loop_->next_timeout();
  return timeout ? val(asyncio::seconds(*timeout)) : val::undefined();
}

void JsLoop::close() {
  loop_->close();
  if (recorder_) recorder_->flush();
}

void JsLoop::changed() {
  if (!in_turn_ && wake_.as<bool>()) call(wake_);
}

void JsLoop::set_exception_handler(const val& handler) {
  if (handler.isNull() || handler.isUndefined()) return loop_->set_exception_handler({});
  loop_->set_exception_handler(
      [handler](asyncio::EventLoop&, const asyncio::ExceptionContext& context) {
        val object = val::object();
        object.set("message", context.message);
        object.set("exception", to_js(context.exception));
        object.set("object", context.object);
        call(handler, object);
      });
}

JsFuture::JsFuture(JsLoop& loop)
    : loop_(loop.shared_from_this()), future_(loop.loop().create_future<val>(kNowhere)) {}

bool JsFuture::cancel(const std::string& message) {
  const bool cancelled = future_.cancel(message);
  loop_->changed();
  return cancelled;
}

val JsFuture::exception() const { return to_js(future_.exception()); }

void JsFuture::set_result(const val& value) {
  future_.set_result(value);
  loop_->changed();
}

void JsFuture::set_exception(const val& error) {
  future_.set_exception(from_js(error));
  loop_->changed();
}

void JsFuture::add_done_callback(const val& callback) {
  future_.add_done_callback([callback](const auto&) { call(callback); }, kNowhere);
  loop_->changed();
}

val JsFuture::promise() {
  if (promise_) return *promise_;
  const val deferred = val::take_ownership(loopscope_deferred());
  promise_ = deferred["promise"];
  future_.add_done_callback(
      [deferred](const asyncio::Future<val>& done) {
        val value;
        std::exception_ptr thrown;
        try {
          value = done.result();
        } catch (...) {
          thrown = std::current_exception();
        }
        thrown ? call(deferred["reject"], to_js(thrown)) : call(deferred["resolve"], value);
      },
      kNowhere);
  loop_->changed();
  return *promise_;
}

}  // namespace loopscope
