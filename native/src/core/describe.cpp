// What an exception is called: the same words from every compiler and standard library.
#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <typeinfo>

#include <asyncio/errors.hpp>

namespace asyncio {

namespace {

void erase_all(std::string& text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at))
    text.erase(at, part.size());
}

std::string type_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> readable(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  std::string name = status == 0 ? readable.get() : type.name();
  // Inline namespaces of libstdc++ and libc++.
  for (const std::string_view part : {"__cxx11::", "_V2::", "__1::", "__2::"})
    erase_all(name, part);
  if (name.starts_with("asyncio::")) name.erase(0, std::string_view("asyncio::").size());
  return name;
}

struct Description {
  std::string type, message;
};

Description read(const std::exception_ptr& error) {
  if (!error) return {};
  try {
    std::rethrow_exception(error);
  } catch (const CancelledError& cancelled) {
    return {"CancelledError", cancelled.what()};
  } catch (const std::exception& exception) {
    return {type_name(typeid(exception)), exception.what()};
  } catch (...) {
    const std::type_info* type = abi::__cxa_current_exception_type();
    return {type ? type_name(*type) : "unknown exception", {}};
  }
}

}  // namespace

bool detail::is_cancellation(const std::exception_ptr& error) noexcept {
  if (!error) return false;
  try {
    std::rethrow_exception(error);
  } catch (const CancelledError&) {
    return true;
  } catch (...) {
    return false;
  }
}

std::string describe_type(const std::exception_ptr& error) { return read(error).type; }

std::string describe(const std::exception_ptr& error) {
  const Description description = read(error);
  return description.message.empty() ? description.type
                                     : description.type + ": " + description.message;
}

}  // namespace asyncio
