#include "slim/js_handle.hpp"

#include <emscripten/em_js.h>
#include <emscripten/emscripten.h>

#include "slim/js_call.hpp"
#include "slim/js_loop.hpp"

using asyncio::detail::HandleNode;
using emscripten::EM_VAL;
using emscripten::val;

// clang-format off
EM_JS(EM_VAL, loopscope_make_handle, (EM_VAL callback), {
  return Emval.toHandle(new Handle(Emval.toValue(callback)));
})
EM_JS(EM_VAL, loopscope_make_timer_handle, (EM_VAL callback, double when), {
  return Emval.toHandle(new TimerHandle(Emval.toValue(callback), when));
})
EM_JS(void, loopscope_bind_handle, (EM_VAL object, void* node, void* loop), {
  const handle = Emval.toValue(object);
  handle.node = node;
  handle.loop = loop;
})
EM_JS(EM_VAL, loopscope_run_handle, (EM_VAL object), {
  const handle = Emval.toValue(object);
  handle.node = 0;
  try {
    (0, handle.callback)();
    return 0;
  } catch (error) {
    return Emval.toHandle({error});
  }
})
// clang-format on

namespace loopscope {

namespace {

struct Reached : asyncio::Handle {
  explicit Reached(asyncio::Handle handle) noexcept : asyncio::Handle(std::move(handle)) {}
  HandleNode* node() const noexcept { return node_.get(); }
};

}  // namespace

val make_js_handle(const val& callback) {
  return val::take_ownership(loopscope_make_handle(callback.as_handle()));
}

val make_js_timer_handle(const val& callback, double when) {
  return val::take_ownership(loopscope_make_timer_handle(callback.as_handle(), when));
}

void bind_js_handle(const val& object, asyncio::Handle handle, JsLoop& loop) {
  loopscope_bind_handle(object.as_handle(), Reached(std::move(handle)).node(), &loop);
}

JsCallback::~JsCallback() {
  if (held_) loopscope_bind_handle(handle_.as_handle(), nullptr, nullptr);
}

void JsCallback::operator()() {
  held_ = false;
  if (const EM_VAL thrown = loopscope_run_handle(handle_.as_handle()))
    throw JsError(val::take_ownership(thrown)["error"]);
}

}  // namespace loopscope

// For handle.js.
extern "C" EMSCRIPTEN_KEEPALIVE void loopscope_cancel(HandleNode* node, loopscope::JsLoop* loop) {
  loopscope::for_js([&] {
    asyncio::Handle(asyncio::detail::Ref<HandleNode>(node)).cancel();
    loop->changed();
  });
}
