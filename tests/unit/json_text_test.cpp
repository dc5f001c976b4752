#include "trace/json_text.hpp"

#include <limits>

#include "support/loop_test.hpp"

namespace asyncio::trace {
namespace {

std::string json(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonTextTest, PlainTextStandsInQuotes) {
  EXPECT_EQ(json(""), R"("")");
  EXPECT_EQ(json("hello"), R"("hello")");
}

TEST(JsonTextTest, QuotesBackslashesAndControlsAreEscaped) {
  EXPECT_EQ(json("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(json("\n\r\t"), R"("\n\r\t")");
  EXPECT_EQ(json(std::string_view("\0\x01\x1f\x7f", 4)), R"("\u0000\u0001\u001f\u007f")");
  EXPECT_EQ(json("a/b"), R"("a/b")");
}

TEST(JsonTextTest, Utf8StaysAsItIs) {
  const std::string text = "\u00e4 \u20ac \U0001F600 \u0800 \uFFFF \U0010FFFF \uD7FF";
  EXPECT_EQ(json(text), "\"" + text + "\"");
}

TEST(JsonTextTest, WhatIsNotUtf8BecomesTheReplacementCharacter) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(json("a\xFFz"), "\"a" + bad + "z\"");
  EXPECT_EQ(json("\x80"), "\"" + bad + "\"");
  EXPECT_EQ(json("\xC3"), "\"" + bad + "\"") << "cut off";
  EXPECT_EQ(json("\xE2\x82"), "\"" + bad + bad + "\"") << "cut off";
  EXPECT_EQ(json("\xC0\xAF"), "\"" + bad + bad + "\"") << "overlong";
  EXPECT_EQ(json("\xE0\x80\xAF"), "\"" + bad + bad + bad + "\"") << "overlong";
  EXPECT_EQ(json("\xED\xA0\x80"), "\"" + bad + bad + bad + "\"") << "a surrogate";
  EXPECT_EQ(json("\xF4\x90\x80\x80"), "\"" + bad + bad + bad + bad + "\"") << "beyond Unicode";
  EXPECT_EQ(json("\xF0\x80\x80\x80"), "\"" + bad + bad + bad + bad + "\"") << "overlong";
  EXPECT_EQ(json("\xC3("), "\"" + bad + "(\"");
}

TEST(JsonTextTest, NumbersAreDecimal) {
  std::string out;
  append_number(out, 0);
  append_number(out, -42);
  append_number(out, std::numeric_limits<std::int64_t>::max());
  append_number(out, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(out, "0-429223372036854775807-9223372036854775808");
}

}  // namespace
}  // namespace asyncio::trace
