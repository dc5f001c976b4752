#include "reader/duration_text.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace loopscope {

namespace {

constexpr std::int64_t kMinute = 60'000'000'000;

std::string shortest(double number) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

// To four significant digits, halves up, without zeros at the end. `number` is in [1, 1000).
std::string four_digits(double number) {
  const std::size_t decimals = number < 10 ? 3 : number < 100 ? 2 : 1;
  // All its digits: they decide, not those of a rounded product.
  char text[80];
  std::snprintf(text, sizeof text, "%.60f", number);
  const std::string_view digits = text;
  const std::size_t end = digits.find('.') + 1 + decimals;
  double scaled = 0;
  for (const char digit : digits.substr(0, end))
    if (digit != '.') scaled = scaled * 10 + (digit - '0');
  if (digits[end] >= '5') ++scaled;
  return shortest(scaled / std::pow(10, decimals));
}

std::string long_text(std::int64_t nanoseconds) {
  const double seconds = std::floor(static_cast<double>(nanoseconds) / 1e7 + 0.5) / 100;
  const double hours = std::floor(seconds / 3600);
  const double minutes = std::floor(std::fmod(seconds, 3600) / 60);
  const double rest = std::floor(std::fmod(seconds, 60) * 100 + 0.5) / 100;
  std::string text;
  const auto add = [&](double number, std::string_view unit) {
    if (number > 0) text += (text.empty() ? "" : " ") + shortest(number) + " " + std::string(unit);
  };
  add(hours, "h");
  add(minutes, "min");
  add(rest, "s");
  return text;
}

}  // namespace

std::string duration_text(std::int64_t nanoseconds) {
  if (nanoseconds < 0) return "-" + duration_text(-nanoseconds);
  if (nanoseconds == 0) return "0 s";
  if (nanoseconds >= kMinute) return long_text(nanoseconds);
  struct Unit {
    std::int64_t size;
    std::string_view name;
  };
  constexpr Unit kUnits[] = {{1'000'000'000, " s"}, {1'000'000, " ms"}, {1'000, " µs"}, {1, " ns"}};
  for (const auto& [size, name] : kUnits)
    if (nanoseconds >= size)
      return four_digits(static_cast<double>(nanoseconds) / static_cast<double>(size)) +
             std::string(name);
  return {};
}

}  // namespace loopscope
