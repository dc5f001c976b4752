// The parts of the command line twin that are easier to check alone.
#include <gtest/gtest.h>

#include "cli/command.hpp"
#include "dependency_file.hpp"
#include "reader/json.hpp"
#include "sha256.hpp"
#include "terminal.hpp"

namespace loopscope::testing {

namespace {

// The examples of FIPS 180-4.
TEST(Sha256, GivesTheStandardsOwnResults) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, IsTheSameHoweverTheBytesCome) {
  const std::string bytes(300, 'x');
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
    ASSERT_EQ(Sha256().add(bytes.substr(0, cut)).add(bytes.substr(cut)).finish(), sha256(bytes));
}

TEST(Sha256, TellsWhereAPartEnds) {
  EXPECT_NE(Sha256().add_part("a").add_part("bc").finish(),
            Sha256().add_part("ab").add_part("c").finish());
}

TEST(DependencyFile, KnowsNamesWithBlanksAndContinuedLines) {
  const Folder folder;
  const std::string file = folder.write("x.d", "x.o: a.cpp b\\ c.hpp \\\n  d$$e.hpp\n");
  EXPECT_EQ(read_dependency_file(file), (Words{"a.cpp", "b c.hpp", "d$e.hpp"}));
}

TEST(Json, ReadsWhatItWrites) {
  json::Parser parser;
  const std::string text =
      R"({"a":[1,-2,2.5,true,false,null],"b":{"c":"\"\\\n\u0001é😀"},"d":[],"e":{}})";
  EXPECT_EQ(parser.parse(text).dump(), text);
  EXPECT_EQ(parser.parse(R"("\u00e9\ud83d\ude00\ud83d")").dump(), "\"é😀\xEF\xBF\xBD\"");
}

TEST(Json, RefusesWhatIsNone) {
  for (const char* text : {"", "{", "[1,]", "{\"a\" 1}", "01", "1.", "-", "nul", "\"a", "\"\\x\"",
                           "\"\t\"", "1 2", "{a:1}", "\"\\u12g4\""}) {
    json::Parser parser;
    EXPECT_THROW(parser.parse(text), json::SyntaxError) << text;
  }
  json::Parser parser;
  EXPECT_THROW(parser.parse(std::string(100'000, '[')), json::SyntaxError) << "nested too deeply";
}

TEST(Terminal, BreaksLinesAtBlanks) {
  EXPECT_EQ(wrapped("one two three four five six", 30, 4), "one two three four five\n    six");
  EXPECT_EQ(wrapped("one two three", 10, 4), "one two three") << "too narrow to be broken";
}

}  // namespace

}  // namespace loopscope::testing
