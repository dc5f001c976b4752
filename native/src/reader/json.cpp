#include "reader/json.hpp"

#include <charconv>
#include <cmath>
#include <utility>

namespace loopscope::json {

namespace {

constexpr int kDeepest = 100;
constexpr std::int64_t kLargestExact = (std::int64_t{1} << 53) - 1;

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

// One text, from its beginning to its end.
class Reading {
 public:
  Reading(std::string_view text, std::deque<std::string>& unescaped)
      : text_(text), unescaped_(unescaped) {}

  Value all() {
    Value value = read(0);
    skip_blanks();
    if (at_ < text_.size()) fail("something follows the end of the value");
    return value;
  }

 private:
  [[noreturn]] void fail(std::string message) const {
    throw SyntaxError{at_ + 1, std::move(message)};
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
  }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  Value read(int depth) {
    if (depth > kDeepest) fail("it is nested too deeply");
    skip_blanks();
    switch (peek()) {
      case '{':
        return Value(read_object(depth));
      case '[':
        return Value(read_array(depth));
      case '"':
        return Value(read_text());
      default:
        if (take("null")) return Value(nullptr);
        if (take("true")) return Value(true);
        if (take("false")) return Value(false);
        return read_number();
    }
  }

  Object read_object(int depth) {
    Object object;
    ++at_;
    skip_blanks();
    if (take("}")) return object;
    for (;;) {
      skip_blanks();
      if (peek() != '"') fail("a name in quotes is expected");
      const std::string_view name = read_text();
      skip_blanks();
      if (!take(":")) fail("\":\" is expected");
      object.push_back({name, read(depth + 1)});
      skip_blanks();
      if (take("}")) return object;
      if (!take(",")) fail("\",\" or \"}\" is expected");
    }
  }

  Array read_array(int depth) {
    Array array;
    ++at_;
    skip_blanks();
    if (take("]")) return array;
    for (;;) {
      array.push_back(read(depth + 1));
      skip_blanks();
      if (take("]")) return array;
      if (!take(",")) fail("\",\" or \"]\" is expected");
    }
  }

  Value read_number() {
    const std::size_t begin = at_;
    take("-");
    const std::size_t digits = at_;
    skip_digits();
    if (at_ == digits || (text_[digits] == '0' && at_ > digits + 1)) {
      at_ = begin;
      fail("a value is expected");
    }
    bool whole = true;
    if (take(".")) {
      whole = false;
      if (skip_digits() == 0) fail("a digit is expected");
    }
    if (take("e") || take("E")) {
      whole = false;
      if (!take("+")) take("-");
      if (skip_digits() == 0) fail("a digit is expected");
    }
    return to_number(text_.substr(begin, at_ - begin), whole);
  }
  std::size_t skip_digits() {
    const std::size_t begin = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ - begin;
  }
  static Value to_number(std::string_view digits, bool whole) {
    const char* const end = digits.data() + digits.size();
    std::int64_t integer = 0;
    if (whole && std::from_chars(digits.data(), end, integer).ec == std::errc() &&
        integer <= kLargestExact && integer >= -kLargestExact)
      return Value(integer);
    double number = 0;
    std::from_chars(digits.data(), end, number);
    // 1.0 and 1e3 are integers too.
    if (std::abs(number) <= static_cast<double>(kLargestExact) && std::trunc(number) == number)
      return Value(static_cast<std::int64_t>(number));
    return Value(number);
  }

  std::string_view read_text() {
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\') skip_character();
    if (peek() == '"') return text_.substr(begin, at_++ - begin);
    std::string& text = unescaped_.emplace_back(text_.substr(begin, at_ - begin));
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') {
        read_escape(text);
        continue;
      }
      const std::size_t plain = at_;
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\') skip_character();
      text.append(text_, plain, at_ - plain);
    }
    if (!take("\"")) fail("the text has no end");
    return text;
  }
  void skip_character() {
    if (static_cast<unsigned char>(text_[at_]) < 0x20) fail("a control character is in a string");
    ++at_;
  }
  void read_escape(std::string& out) {
    ++at_;
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (take("u")) {
      append_utf8(out, read_unicode_escape());
      return;
    }
    const std::size_t known = at_ < text_.size() ? kNames.find(text_[at_]) : kNames.npos;
    if (known == kNames.npos) fail("an unknown escape is in a string");
    out += kMeanings[known];
    ++at_;
  }
  // What follows \u. Half a surrogate pair becomes U+FFFD.
  unsigned read_unicode_escape() {
    const unsigned high = read_hex();
    if (high < 0xD800 || high > 0xDFFF) return high;
    const std::size_t after = at_;
    if (high <= 0xDBFF && take("\\u")) {
      const unsigned low = read_hex();
      if (low >= 0xDC00 && low <= 0xDFFF) return 0x10000 + ((high - 0xD800) << 10) + low - 0xDC00;
      at_ = after;
    }
    return 0xFFFD;
  }
  unsigned read_hex() {
    unsigned code = 0;
    const std::string_view digits = text_.substr(at_, 4);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() < 4 || error != std::errc() || end != digits.data() + 4)
      fail("four hexadecimal digits are expected");
    at_ += 4;
    return code;
  }

  std::string_view text_;
  std::deque<std::string>& unescaped_;
  std::size_t at_ = 0;
};

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

template <class N>
void append_number(std::string& out, N number) {
  char digits[40];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

}  // namespace

Value Parser::parse(std::string_view text) { return Reading(text, unescaped_).all(); }

const Value* Value::member(std::string_view name) const {
  const Value* found = nullptr;
  if (const Object* members = object())
    for (const Member& member : *members)
      if (member.name == name) found = &member.value;  // of several, JSON's last one counts
  return found;
}

std::string Value::dump() const {
  std::string out;
  append_to(out);
  return out;
}

void Value::append_to(std::string& out) const {
  std::visit(Overloaded{[&](std::nullptr_t) { out += "null"; },
                        [&](bool truth) { out += truth ? "true" : "false"; },
                        [&](std::int64_t number) { append_number(out, number); },
                        [&](double number) { append_number(out, number); },
                        [&](std::string_view text) { out += quoted(text); },
                        [&](const Array& array) {
                          out += '[';
                          for (const Value& value : array) {
                            if (&value != array.data()) out += ',';
                            value.append_to(out);
                          }
                          out += ']';
                        },
                        [&](const Object& object) {
                          out += '{';
                          for (const Member& member : object) {
                            if (&member != object.data()) out += ',';
                            out += quoted(member.name) + ':';
                            member.value.append_to(out);
                          }
                          out += '}';
                        }},
             of_);
}

std::string quoted(std::string_view text) {
  constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t";
  constexpr std::string_view kNames = "\"\\bfnrt";
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (const std::size_t known = kEscaped.find(c); known != kEscaped.npos) {
      out += '\\';
      out += kNames[known];
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace loopscope::json
