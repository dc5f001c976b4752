// Writing JSON by hand, for the one format that is written millions of times.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace asyncio::trace {

// Appends `text` as a JSON string. What is not UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

inline void append_number(std::string& out, std::int64_t number) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end);
}

}  // namespace asyncio::trace
