#include <source_location>

#include "support/loop_test.hpp"

namespace asyncio {
namespace {

struct Spelling {
  const char* pretty;
  const char* bare;
};

class FunctionNameTest : public ::testing::TestWithParam<Spelling> {};

TEST_P(FunctionNameTest, IsTheBareName) {
  EXPECT_EQ(bare_function_name(GetParam().pretty), GetParam().bare) << GetParam().pretty;
}

INSTANTIATE_TEST_SUITE_P(
    Gcc, FunctionNameTest,
    ::testing::Values(
        Spelling{"int main()", "main"}, Spelling{"asyncio::Coro<> hello()", "hello"},
        Spelling{"asyncio::Coro<int> app::Server::answer(int)", "answer"},
        Spelling{"asyncio::Coro<T> twice(T) [with T = int]", "twice"},
        Spelling{
            "asyncio::Coro<std::vector<std::pair<int, long int> > > all(std::function<void(int)>)",
            "all"},
        Spelling{"void app::hello(app::hello()::_ZN3app5helloEv.Frame*)", "hello"},
        Spelling{"void worker(worker(std::string, int)::_Z6workerv.Frame*)", "worker"},
        Spelling{"main()::<lambda(int)>", "lambda"}, Spelling{"main()::<lambda()>", "lambda"},
        Spelling{"app::run(int)::<lambda(auto:1)> [with auto:1 = int]", "lambda"},
        Spelling{"main()::<lambda()> mutable", "lambda"},
        Spelling{
            "void main()::<lambda()>::operator()(main()::<lambda()>::_ZZ4mainvENKUlvE_clEv.Frame*)",
            "lambda"},
        Spelling{"asyncio::Coro<> app::Job::operator()(int) const", "operator()"},
        Spelling{"{anonymous}::Fixture_Test::TestBody()", "TestBody"},
        Spelling{"asyncio::Coro<> {anonymous}::fetch(std::string)", "fetch"},
        Spelling{"const char* name()", "name"}, Spelling{"int& Box::value()", "value"},
        Spelling{"", ""}));

INSTANTIATE_TEST_SUITE_P(
    Clang, FunctionNameTest,
    ::testing::Values(
        Spelling{"int main()", "main"}, Spelling{"asyncio::Coro<> hello()", "hello"},
        Spelling{"Coro<int> app::Server::answer(int)", "answer"},
        Spelling{"Coro<T> twice(T) [T = int]", "twice"},
        Spelling{"auto main()::(anonymous class)::operator()() const", "lambda"},
        Spelling{"auto main()::(anonymous class)::operator()(int) const", "lambda"},
        Spelling{"auto main()::(lambda)::operator()() const", "lambda"},
        Spelling{"auto main()::(lambda at app.cpp:5:3)::operator()() const", "lambda"},
        Spelling{"asyncio::Coro<> (anonymous namespace)::fetch(std::string)", "fetch"},
        Spelling{"Coro<> app::Job::operator()(int) const", "operator()"},
        Spelling{"const char *name()", "name"}, Spelling{"int &Box::value()", "value"}));

const char* here(std::source_location where = std::source_location::current()) {
  return where.function_name();
}
template <class T>
const char* in_template(T) {
  return here();
}
struct Member {
  const char* const_member() const { return here(); }
};

TEST(FunctionNamesOfThisCompilerTest, AreBareToo) {
  EXPECT_EQ(bare_function_name(here()), "TestBody");
  EXPECT_EQ(bare_function_name(in_template(std::vector<int>())), "in_template");
  EXPECT_EQ(bare_function_name(Member().const_member()), "const_member");
  EXPECT_EQ(bare_function_name([] { return here(); }()), "lambda");
  EXPECT_EQ(bare_function_name([](auto value) { return in_template(value), here(); }(1)), "lambda");
}

}  // namespace
}  // namespace asyncio
