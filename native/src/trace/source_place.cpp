#include "trace/source_place.hpp"

#include "trace/await_lines.hpp"

namespace asyncio::trace {

namespace {

// ".../native/src/" as the compiler saw it.
constexpr std::string_view library_sources() {
  constexpr std::string_view here = __FILE__;
  constexpr std::string_view name = "trace/source_place.cpp";
  return here.substr(0, here.size() - name.size());
}

}  // namespace

bool is_library_place(const Place& place) {
  if (place.guest) return false;
  const std::string_view file = place.where.file_name();
  return file.starts_with(library_sources()) ||
         file.find("include/asyncio/") != std::string_view::npos;
}

SourcePlace source_place(const Place& place) {
  if (place.guest) return {place.guest->func, place.guest->file, place.guest->line};
  const std::string_view path = place.where.file_name();
  const std::size_t slash = path.find_last_of("/\\");
  const std::string_view file = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return {bare_function_name(place.where.function_name()), file,
          place.awaited ? await_line(place.where) : place.where.line()};
}

}  // namespace asyncio::trace
