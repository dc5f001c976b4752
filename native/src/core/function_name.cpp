// The bare name of a function, out of what compilers call a pretty one:
//   GCC    "asyncio::Coro<int> app::Server::answer(int) [with T = int]", "main()::<lambda(int)>",
//   and, inside a coroutine,
//          "void app::hello(app::hello()::_ZN3app5helloEv.Frame*)"
//   Clang  "asyncio::Coro<int> app::Server::answer(int) [T = int]", "auto main()::(anonymous
//   class)::operator()() const"
#include <asyncio/trace.hpp>

namespace asyncio {

namespace {

bool is_lambda(std::string_view scope) {
  return scope.ends_with(">")
             ? scope.find("<lambda") != std::string_view::npos
             : scope.ends_with("(anonymous class)") || scope.ends_with("(lambda)") ||
                   (scope.ends_with(')') && scope.find("(lambda at ") != std::string_view::npos);
}

// Where the parameter list begins: the last "(" outside all brackets whose ")" ends the declarator.
std::size_t parameters_begin(std::string_view pretty) {
  std::size_t end = pretty.rfind(')');
  if (end == std::string_view::npos) return pretty.size();
  int depth = 0;
  for (std::size_t at = end + 1; at-- > 0;) {
    if (pretty[at] == ')') ++depth;
    if (pretty[at] == '(' && --depth == 0) return at;
  }
  return pretty.size();
}

}  // namespace

std::string_view bare_function_name(std::string_view pretty) {
  if (const std::size_t with = pretty.find(" ["); with != std::string_view::npos)
    pretty = pretty.substr(0, with);
  if (pretty.ends_with(" mutable")) pretty.remove_suffix(std::string_view(" mutable").size());
  if (pretty.ends_with("<lambda()>") || is_lambda(pretty)) return "lambda";
  std::string_view declarator = pretty.substr(0, parameters_begin(pretty));
  if (declarator.ends_with("operator()")) {
    declarator.remove_suffix(std::string_view("operator()").size());
    if (declarator.ends_with("::")) declarator.remove_suffix(2);
    return is_lambda(declarator) ? "lambda" : "operator()";
  }
  // Template arguments of the name itself: "f<int>".
  if (declarator.ends_with('>')) {
    int depth = 0;
    for (std::size_t at = declarator.size(); at-- > 0;) {
      if (declarator[at] == '>') ++depth;
      if (declarator[at] == '<' && --depth == 0) {
        declarator = declarator.substr(0, at);
        break;
      }
    }
  }
  const std::size_t begin = declarator.find_last_of(" :*&");
  return begin == std::string_view::npos ? declarator : declarator.substr(begin + 1);
}

}  // namespace asyncio
