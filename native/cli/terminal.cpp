#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iterator>

namespace loopscope {

namespace {

std::string escape(const Style& style, std::string_view code) {
  return style.colour ? "\x1b[" + std::string(code) + "m" : "";
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

}  // namespace

Style terminal_style() {
  if (!isatty(STDOUT_FILENO)) return {};
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal && std::string_view(terminal) == "dumb";
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) size.ws_col = 0;
  return {(!no_colour || *no_colour == '\0') && !dumb, size.ws_col};
}

std::string task_colour(const Style& style, std::uint64_t task) {
  // Told apart on light and on dark grounds.
  constexpr std::string_view kColours[] = {"38;5;33",  "38;5;166", "38;5;35", "38;5;162",
                                           "38;5;136", "38;5;98",  "38;5;37", "38;5;131"};
  return escape(style, kColours[(task - 1) % std::size(kColours)]);
}

std::string dim(const Style& style) { return escape(style, "2"); }
std::string bold(const Style& style) { return escape(style, "1"); }
std::string red(const Style& style) { return escape(style, "31"); }
std::string plain(const Style& style) { return escape(style, "0"); }

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += begins_character(c) ? 1 : 0;
  return count;
}

std::string printable(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    // U+0080 to U+009F are two bytes in UTF-8.
    const bool c1 =
        byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0;
    if (byte >= 0x20 && byte != 0x7F && !c1) {
      out += text[at];
      continue;
    }
    const unsigned code = c1 ? static_cast<unsigned char>(text[++at]) : byte;
    out += "\\u00";
    out += kHex[code >> 4];
    out += kHex[code & 15];
  }
  return out;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  constexpr std::size_t kNarrowest = 20;  // below, breaking lines helps nobody
  if (width < indent + kNarrowest) return std::string(text);
  std::string out;
  std::size_t room = width - indent;
  while (!text.empty()) {
    const std::size_t blank = text.find(' ');
    const std::string_view word = text.substr(0, blank);
    if (!out.empty() && columns(word) + 1 > room) {
      out += "\n" + std::string(indent, ' ');
      room = width - indent;
    } else if (!out.empty()) {
      out += ' ';
      --room;
    }
    out += word;
    room -= std::min(room, columns(word));
    text.remove_prefix(blank == text.npos ? text.size() : blank + 1);
  }
  return out;
}

}  // namespace loopscope
