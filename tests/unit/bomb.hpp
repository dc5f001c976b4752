// What throws out of its destructor.
#pragma once

#include "support/loop_test.hpp"

namespace asyncio {

// Throws where it dies; one that was moved from does not.
class Bomb {
 public:
  explicit Bomb(std::string name) : name_(std::move(name)) {}
  Bomb(Bomb&& other) noexcept : name_(std::exchange(other.name_, {})) {}
  Bomb& operator=(Bomb&&) = delete;
  // NOLINTNEXTLINE(bugprone-exception-escape): that is what it is for
  ~Bomb() noexcept(false) {
    if (!name_.empty()) throw std::runtime_error(name_);
  }

 private:
  std::string name_;
};

// What the log says of it.
inline std::string ignored(const std::string& name) {
  return "error: Exception ignored in a destructor | std::runtime_error: " + name;
}

}  // namespace asyncio
