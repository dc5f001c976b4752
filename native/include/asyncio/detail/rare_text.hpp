// A text that is mostly empty, in the room of a pointer.
#pragma once

#include <memory>
#include <string>
#include <utility>

namespace asyncio::detail {

// For what every task and future has a place for and few ever need: a name, the message of a
// cancellation.
class RareText {
 public:
  RareText() noexcept = default;
  RareText(std::string text)
      : text_(text.empty() ? nullptr : std::make_unique<std::string>(std::move(text))) {}

  bool empty() const noexcept { return !text_; }
  std::string get() const { return text_ ? *text_ : std::string(); }
  // Leaves none behind.
  std::string take() {
    const std::unique_ptr<std::string> taken = std::move(text_);
    return taken ? std::move(*taken) : std::string();
  }

 private:
  std::unique_ptr<std::string> text_;
};

}  // namespace asyncio::detail
