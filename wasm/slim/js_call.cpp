#include "slim/js_call.hpp"

#include <emscripten/em_js.h>

using emscripten::EM_VAL;
using emscripten::val;

// The bodies are JavaScript: clang-format would take them for C++.
// clang-format off
EM_JS_DEPS(loopscope_slim, "$Emval,$UTF8ToString");
EM_JS(EM_VAL, loopscope_call, (EM_VAL callback, EM_VAL first, EM_VAL second), {
  try {
    Emval.toValue(callback)(Emval.toValue(first), Emval.toValue(second));
    return 0;
  } catch (error) {
    return Emval.toHandle({error});
  }
})
EM_JS(EM_VAL, loopscope_error, (const char* name, const char* message), {
  const error = new Error(UTF8ToString(message));
  error.name = UTF8ToString(name);
  return Emval.toHandle(error);
})
EM_JS(EM_VAL, loopscope_text, (EM_VAL value), {
  try {
    return Emval.toHandle(String(Emval.toValue(value)));
  } catch {
    return Emval.toHandle("an error without a text");
  }
})
// Takes the handle's reference along.
EM_JS(void, loopscope_throw, (EM_VAL error), {
  const value = Emval.toValue(error);
  __emval_decref(error);
  throw value;
})
// clang-format on

namespace loopscope {

JsError::JsError(val error)
    : error_(std::move(error)),
      text_(val::take_ownership(loopscope_text(error_.as_handle())).as<std::string>()) {}

void call(const val& function, const val& first, const val& second) {
  if (const EM_VAL thrown =
          loopscope_call(function.as_handle(), first.as_handle(), second.as_handle()))
    throw JsError(val::take_ownership(thrown)["error"]);
}
void call(const val& function, const val& argument) { call(function, argument, val::undefined()); }
void call(const val& function) { call(function, val::undefined(), val::undefined()); }

val to_js(const std::exception_ptr& exception) {
  if (!exception) return val::null();
  try {
    std::rethrow_exception(exception);
  } catch (const JsError& thrown) {
    return thrown.error();
  } catch (const asyncio::CancelledError& cancelled) {
    return val::take_ownership(loopscope_error("CancelledError", cancelled.what()));
  } catch (const std::exception& error) {
    const std::string type = asyncio::describe_type(exception);
    return val::take_ownership(loopscope_error(type.c_str(), error.what()));
  } catch (...) {
    const std::string type = asyncio::describe_type(exception);
    return val::take_ownership(loopscope_error(type.c_str(), ""));
  }
}

std::exception_ptr from_js(const val& error) { return std::make_exception_ptr(JsError(error)); }

void throw_to_js(EM_VAL error) {
  loopscope_throw(error);
  __builtin_unreachable();
}

}  // namespace loopscope
