// Several exceptions at once.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <asyncio/errors.hpp>

namespace asyncio {

// What a TaskGroup throws: everything that went wrong in it. Groups nest: an exception in a group
// may be a group. Cheap to copy, as exceptions are.
//
//     } catch (const asyncio::ExceptionGroup& group) {
//       const auto [timeouts, rest] = group.split<asyncio::TimeoutError>();
//       ...
//       if (rest) throw *rest;                      // as `except* TimeoutError` does
//     }
//
// Differs from Python: there is one type. BaseExceptionGroup exists for groups that hold a
// KeyboardInterrupt or a SystemExit, which C++ has not; a CancelledError is never in a group that
// the library makes. It cannot be refined: what split() and subgroup() give are ExceptionGroups.
// Python: ExceptionGroup
class ExceptionGroup : public std::runtime_error {
 public:
  using Exceptions = std::vector<std::exception_ptr>;
  // Which exceptions: asked for the group itself, for groups in it, and for those in them.
  using Condition = std::function<bool(const std::exception_ptr&)>;
  struct Split;

  // Throws std::invalid_argument when there is none, or a null pointer among them.
  ExceptionGroup(const std::string& message, Exceptions exceptions);

  // The text alone; what() says "message (2 sub-exceptions)". Python: ExceptionGroup.message
  const std::string& message() const noexcept { return content_->message; }
  // Python: ExceptionGroup.exceptions
  const Exceptions& exceptions() const noexcept { return content_->exceptions; }

  // Those that match, with the groups they are in; nullopt if none does.
  // Python: ExceptionGroup.subgroup
  std::optional<ExceptionGroup> subgroup(const Condition& condition) const;
  template <class... E>
  std::optional<ExceptionGroup> subgroup() const {
    return subgroup(&is_any_of<E...>);
  }
  // Those that match and the others, both with the groups they are in. Python: ExceptionGroup.split
  Split split(const Condition& condition) const;
  template <class... E>
  Split split() const;
  // The same message, other exceptions. Python: ExceptionGroup.derive
  ExceptionGroup derive(Exceptions exceptions) const;
  // The exceptions in it and in the groups in it, from left to right, without the groups.
  Exceptions leaves() const;

 private:
  struct Content {
    std::string message;
    Exceptions exceptions;
  };

  // Whether it can be caught as one of these types.
  template <class... E>
  static bool is_any_of(const std::exception_ptr& error) {
    return (is_a<E>(error) || ...);
  }
  template <class E>
  static bool is_a(const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const E&) {
      return true;
    } catch (...) {
      return false;
    }
  }

  std::shared_ptr<const Content> content_;
};

struct ExceptionGroup::Split {
  std::optional<ExceptionGroup> matching, rest;
};

template <class... E>
ExceptionGroup::Split ExceptionGroup::split() const {
  return split(&is_any_of<E...>);
}

}  // namespace asyncio
