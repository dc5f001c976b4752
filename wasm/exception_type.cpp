// abi::__cxa_current_exception_type(), which Emscripten's JavaScript-based exceptions lack and the
// library calls to name an exception that is no std::exception.
#include <cxxabi.h>

#include <cstdint>
#include <cstring>
#include <exception>
#include <typeinfo>

namespace {

// The header before a thrown object in Emscripten's libc++abi (cxa_exception.h).
struct ExceptionHeader {
  std::size_t reference_count;
  std::type_info* type;
  void* (*destructor)(void*);
  std::uint8_t caught, rethrown;
  void* adjusted;
  void* padding;
};

}  // namespace

namespace __cxxabiv1 {

extern "C" std::type_info* __cxa_current_exception_type() {
  const std::exception_ptr current = std::current_exception();
  if (!current) return nullptr;
  // A std::exception_ptr is the address of the thrown object.
  static_assert(sizeof current == sizeof(void*));
  const char* thrown = nullptr;
  std::memcpy(&thrown, &current, sizeof thrown);
  ExceptionHeader header{};
  std::memcpy(&header, thrown - sizeof header, sizeof header);
  return header.type;
}

}  // namespace __cxxabiv1

namespace {

// Another Emscripten may lay it out differently: then this ends the program at its start, not in
// the middle of a run.
[[maybe_unused]] const bool layout_checked = [] {
  try {
    throw 1;
  } catch (int) {
    const std::type_info* type = abi::__cxa_current_exception_type();
    if (!type || *type != typeid(int)) std::terminate();
  }
  return true;
}();

}  // namespace
