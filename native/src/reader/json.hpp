// Reading JSON, for traces.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace loopscope::json {

struct Member;
class Value;
using Array = std::vector<Value>;
using Object = std::vector<Member>;  // in the order of the text

// One value. Texts point into the text that was parsed, or into the parser's store where they had
// escapes.
class Value {
 public:
  Value() = default;
  template <class T>
  explicit Value(T value) : of_(std::move(value)) {}

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(of_); }
  // Null where it is of another type. Whole numbers that a double cannot hold exactly are no
  // integers.
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&of_); }
  const std::string_view* text() const { return std::get_if<std::string_view>(&of_); }
  const Array* array() const { return std::get_if<Array>(&of_); }
  const Object* object() const { return std::get_if<Object>(&of_); }
  // An object's member, or null.
  const Value* member(std::string_view name) const;
  // As JSON, without blanks.
  std::string dump() const;

 private:
  void append_to(std::string& out) const;

  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string_view, Array, Object> of_;
};

struct Member {
  std::string_view name;
  Value value;
};

// Where and why a text is no JSON. `column` counts bytes from 1.
struct SyntaxError {
  std::size_t column;
  std::string message;
};

// Text as JSON: quotes, backslashes and control characters escaped.
std::string quoted(std::string_view text);

// Parses texts; what it gives lives as long as it and the text do.
class Parser {
 public:
  // One value and nothing else. Throws SyntaxError.
  Value parse(std::string_view text);

 private:
  std::deque<std::string> unescaped_;
};

}  // namespace loopscope::json
