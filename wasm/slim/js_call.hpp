// Between JavaScript's exceptions and C++'s, which know nothing of each other.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include <asyncio/errors.hpp>
#include <emscripten/val.h>

namespace loopscope {

// What JavaScript threw, as a C++ exception. what() is String(error).
class JsError final : public std::exception {
 public:
  explicit JsError(emscripten::val error);
  const emscripten::val& error() const noexcept { return error_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  emscripten::val error_;
  std::string text_;
};

// Calls a JavaScript function; what it throws comes as a JsError. A bare call would let it pass
// through C++ frames without running their destructors.
void call(const emscripten::val& function);
void call(const emscripten::val& function, const emscripten::val& argument);
void call(const emscripten::val& function, const emscripten::val& first,
          const emscripten::val& second);

// The exception for JavaScript: what it threw itself, or an Error whose name is the C++ type's.
emscripten::val to_js(const std::exception_ptr& exception);
std::exception_ptr from_js(const emscripten::val& error);

// Throws to JavaScript, and takes over the reference. No frame below may need its destructors.
[[noreturn]] void throw_to_js(emscripten::EM_VAL error);

// What a function that JavaScript calls does, with its C++ exceptions turned into JavaScript's.
template <class F>
auto for_js(F body) -> decltype(body()) {
  emscripten::EM_VAL error = nullptr;
  try {
    return body();
  } catch (...) {
    error = to_js(std::current_exception()).release_ownership();
  }
  throw_to_js(error);
}

}  // namespace loopscope
