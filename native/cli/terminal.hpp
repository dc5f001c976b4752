// What the terminal can show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace loopscope {

struct Style {
  bool colour = false;
  std::size_t width = 0;  // columns; 0: lines are not broken
};

// For standard output: colour and line breaks where it is a terminal; NO_COLOR is honoured.
Style terminal_style();

// A task's colour, the same for the same id. "" without colour.
std::string task_colour(const Style& style, std::uint64_t task);
std::string dim(const Style& style);
std::string bold(const Style& style);
std::string red(const Style& style);
std::string plain(const Style& style);

// How many columns a text takes: one for each character.
std::size_t columns(std::string_view text);
// Control characters written out: a trace may come from anywhere, and must not steer the terminal.
std::string printable(std::string_view text);
// Broken at blanks to `width` columns; the lines after the first begin with `indent` blanks.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace loopscope
