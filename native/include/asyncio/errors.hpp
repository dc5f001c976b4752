// The exceptions asyncio raises, under asyncio's names and with its messages.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace asyncio {

// Thrown into a coroutine whose task was cancelled, and by the result of what was cancelled.
// As in Python, where it is no `Exception`, it does not derive from std::exception: `catch (const
// std::exception&)` lets a cancellation pass. Catch it by name to clean up, and throw it on.
// asyncio: CancelledError(BaseException)
class CancelledError {
 public:
  CancelledError() = default;
  explicit CancelledError(std::string message) : message_(std::move(message)) {}
  // The text given to cancel(), or "".
  const char* what() const noexcept { return message_.c_str(); }

 private:
  std::string message_;
};

// Misuse of a loop, a task or a coroutine. Python: RuntimeError
class RuntimeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// An argument that cannot be. Python: ValueError
class ValueError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// Something that is not there. Python: LookupError
class LookupError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A value where none can be. Python: TypeError
class TypeError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// A method that a loop, a policy or an executor of one's own does not have. Python:
// NotImplementedError(RuntimeError)
class NotImplementedError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

// Out of run() when SIGINT (Ctrl-C) cancelled its main task. As in Python, where it is no
// `Exception`, it does not derive from std::exception. A program that does not catch it ends as
// SIGINT ends programs.
// Python: KeyboardInterrupt(BaseException)
class KeyboardInterrupt {
 public:
  const char* what() const noexcept { return ""; }
};

// The result was asked for too early or set twice. asyncio: InvalidStateError
class InvalidStateError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A deadline came first. Python: TimeoutError
class TimeoutError : public std::runtime_error {
 public:
  TimeoutError() : std::runtime_error("") {}
  using std::runtime_error::runtime_error;
  explicit TimeoutError(std::exception_ptr cause)
      : std::runtime_error(""), cause_(std::move(cause)) {}
  // The CancelledError that the deadline sent and that came back; null for a TimeoutError made by
  // hand. Python: __cause__
  const std::exception_ptr& cause() const noexcept { return cause_; }

 private:
  std::exception_ptr cause_;
};

// Under the virtual clock nothing is scheduled and every task waits: the loop would wait for ever.
// Differs from asyncio: a loop on the real clock hangs there, as asyncio's does.
class DeadlockError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

// "Type: message" of any exception, with the type's bare name for asyncio's own; "" for a null
// pointer.
std::string describe(const std::exception_ptr& error);

// "CancelledError", "std::runtime_error": the type alone.
std::string describe_type(const std::exception_ptr& error);

namespace detail {
// Whether it is a CancelledError.
bool is_cancellation(const std::exception_ptr& error) noexcept;
}  // namespace detail

}  // namespace asyncio
