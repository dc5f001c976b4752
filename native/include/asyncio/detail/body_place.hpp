// Where a coroutine's body begins.
#pragma once

#include <bit>
#include <source_location>

namespace asyncio::detail {

// std::source_location::current() as a default argument of get_return_object(), which the compiler
// calls by itself: GCC 13 refuses that, for it is consteval.
#if defined(__GNUC__) && !defined(__clang__)
class BodyPlace {
 public:
  using Known = decltype(__builtin_source_location());
  constexpr BodyPlace(Known place = __builtin_source_location()) noexcept
      : where_(std::bit_cast<std::source_location>(place)) {}
  constexpr operator const std::source_location&() const noexcept { return where_; }

 private:
  std::source_location where_;
};
#else
class BodyPlace {
 public:
  constexpr BodyPlace(std::source_location where = std::source_location::current()) noexcept
      : where_(where) {}
  constexpr operator const std::source_location&() const noexcept { return where_; }

 private:
  std::source_location where_;
};
#endif

}  // namespace asyncio::detail
