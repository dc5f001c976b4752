// What GCC 12 does to temporaries within a co_await expression.
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

namespace asyncio {

// A callable that is passed on by moving it: `to_thread(moved(std::move(call)))`. Within a co_await
// expression GCC 12 needs that for one that has a name and cannot be copied; other compilers take
// `std::move(call)`.
template <class F>
class moved {
 public:
  explicit moved(F&& callable) : callable_(std::move(callable)) {}
  template <class... A>
    requires std::invocable<F&, A...>
  decltype(auto) operator()(A&&... arguments) {
    return callable_(std::forward<A>(arguments)...);
  }

 private:
  F callable_;
};

namespace detail {

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
inline constexpr bool kTemporariesAreDestroyedTwice = true;
#else
inline constexpr bool kTemporariesAreDestroyedTwice = false;
#endif

template <class T>
inline constexpr bool is_moved = false;
template <class F>
inline constexpr bool is_moved<moved<F>> = true;

template <class T>
consteval bool is_closure() {
  if (is_moved<T>) return false;
  return std::string_view(__PRETTY_FUNCTION__).find("<lambda") != std::string_view::npos;
}

// `T`: as a forwarding reference deduces it. GCC 12 makes a closure or an aggregate that is a
// temporary of a co_await expression without a constructor, and destroys it once too often,
// whatever it is passed to. A named one that is copied is not concerned, nor is a class with a
// constructor, nor what needs no destruction.
template <class T>
inline constexpr bool is_safe_temporary =
    !kTemporariesAreDestroyedTwice || std::is_reference_v<T> ||
    std::is_trivially_destructible_v<T> || !(std::is_aggregate_v<T> || is_closure<T>());

template <class T>
constexpr void check_temporary() {
  static_assert(is_safe_temporary<T>,
                "GCC 12 would destroy this temporary twice. Give it a name, and pass that: `auto "
                "body = [...] ...; co_await asyncio::timeout(2s, body);`, or "
                "asyncio::moved(std::move(body)) if it cannot be copied. GCC 13 and later, and "
                "Clang, take it as it is.");
}

}  // namespace detail
}  // namespace asyncio
