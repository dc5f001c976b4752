#include "trace/await_lines.hpp"

#include <cctype>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "trace/read_source.hpp"

namespace asyncio::trace {

namespace {

struct Token {
  std::string_view text;
  unsigned line, column;
};

// Splits C++ into words, literals and single punctuators ("::" and "->" stay whole); comments are
// skipped.
class Tokenizer {
 public:
  explicit Tokenizer(std::string_view source) : source_(source) {}

  std::vector<Token> all() {
    std::vector<Token> tokens;
    while (skip_blanks(), at_ < source_.size()) {
      const std::size_t begin = at_;
      const Token start{{}, line_, static_cast<unsigned>(begin - line_begin_ + 1)};
      skip_token();
      tokens.push_back({source_.substr(begin, at_ - begin), start.line, start.column});
    }
    return tokens;
  }

 private:
  bool starts(std::string_view text) const { return source_.substr(at_).starts_with(text); }
  void advance(std::size_t count) {
    for (; count > 0 && at_ < source_.size(); --count) {
      if (source_[at_++] == '\n') {
        ++line_;
        line_begin_ = at_;
      }
    }
  }
  void advance_past(std::string_view end) {
    const std::size_t found = source_.find(end, at_);
    advance(found == std::string_view::npos ? source_.size() - at_ : found + end.size() - at_);
  }
  void skip_blanks() {
    while (at_ < source_.size()) {
      if (std::isspace(static_cast<unsigned char>(source_[at_]))) {
        advance(1);
      } else if (starts("//")) {
        advance_past("\n");
      } else if (starts("/*")) {
        advance(2);
        advance_past("*/");
      } else {
        return;
      }
    }
  }
  static bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }
  void skip_token() {
    const char c = source_[at_];
    if (starts("R\"")) {
      const std::size_t open = source_.find('(', at_);
      if (open == std::string_view::npos) return advance(1);
      const std::string end = ")" + std::string(source_.substr(at_ + 2, open - at_ - 2)) + "\"";
      advance_past(end);
    } else if (c == '"' || c == '\'') {
      advance(1);
      while (at_ < source_.size() && source_[at_] != c && source_[at_] != '\n')
        advance(source_[at_] == '\\' ? 2 : 1);
      if (at_ < source_.size() && source_[at_] == c) advance(1);
    } else if (is_word(c)) {
      // A digit separator belongs to its number.
      const bool number = std::isdigit(static_cast<unsigned char>(c));
      while (at_ < source_.size() && (is_word(source_[at_]) || (number && source_[at_] == '\'')))
        advance(1);
    } else {
      advance(starts("::") || starts("->") ? 2 : 1);
    }
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::size_t line_begin_ = 0;
  unsigned line_ = 1;
};

bool is_open(std::string_view text) { return text == "(" || text == "[" || text == "{"; }
bool is_close(std::string_view text) { return text == ")" || text == "]" || text == "}"; }
bool is_binary(std::string_view text) {
  return text.size() == 1 &&
         std::string_view("+-*/%^&|=!<>?:,;").find(text) != std::string_view::npos;
}

// The index of the ">" that ends the template arguments opened at `open`, or 0 if "<" is a
// comparison.
std::size_t template_end(const std::vector<Token>& tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < tokens.size(); ++at) {
    const std::string_view text = tokens[at].text;
    if (text == "<") ++depth;
    if (text == ">" && --depth == 0) return at;
    if (text == ";" || text == "{" || text == "}") break;
  }
  return 0;
}

// The last token of the operand of the co_await at `keyword`: a unary expression, with everything
// that is postfixed to it.
std::size_t operand_end(const std::vector<Token>& tokens, std::size_t keyword) {
  std::size_t last = keyword;
  bool primary = false;  // seen one: a further operator is binary
  for (std::size_t at = keyword + 1; at < tokens.size(); ++at) {
    const std::string_view text = tokens[at].text;
    if (is_close(text)) break;
    if (is_open(text)) {
      int depth = 0;
      for (; at < tokens.size(); ++at) {
        if (is_open(tokens[at].text)) ++depth;
        if (is_close(tokens[at].text) && --depth == 0) break;
      }
      if (at == tokens.size()) break;
      primary = true;
    } else if (text == "<" && primary && template_end(tokens, at) != 0) {
      at = template_end(tokens, at);
    } else if (text == ";" || text == "," || (primary && is_binary(text))) {
      break;
    } else {
      primary =
          primary || std::isalnum(static_cast<unsigned char>(text.front())) || text.front() == '_';
    }
    last = at;
  }
  return last;
}

using Lines = std::map<std::pair<unsigned, unsigned>, unsigned>;

// Of a file that cannot be read: none.
Lines read_lines(const char* path) {
  const bool beside_source = path[0] != '/';
  const std::optional<std::string> source =
      read_source(beside_source ? source_folder() + path : path);
  return source ? await_lines(*source) : Lines();
}

}  // namespace

std::map<std::pair<unsigned, unsigned>, unsigned> await_lines(std::string_view source) {
  const std::vector<Token> tokens = Tokenizer(source).all();
  std::map<std::pair<unsigned, unsigned>, unsigned> lines;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (tokens[at].text != "co_await") continue;
    const Token& end = tokens[operand_end(tokens, at)];
    if (end.line != tokens[at].line) lines[{end.line, end.column}] = tokens[at].line;
  }
  for (std::size_t at = 1; at < tokens.size(); ++at) {
    if (tokens[at].text != "gather") continue;
    const Token& end = tokens[operand_end(tokens, at - 1)];
    if (end.line != tokens[at].line) lines.insert({{end.line, end.column}, tokens[at].line});
  }
  return lines;
}

unsigned await_line(const std::source_location& where) {
  // Whatever compiled the program: other compilers than GCC report where the await begins, and
  // there no operand ends, so nothing is found for them.
  static std::mutex mutex;
  static auto& files = *new std::unordered_map<const char*, Lines>;
  const std::lock_guard lock(mutex);
  auto found = files.find(where.file_name());
  if (found == files.end())
    found = files.emplace(where.file_name(), read_lines(where.file_name())).first;
  const auto line = found->second.find({where.line(), where.column()});
  return line == found->second.end() ? where.line() : line->second;
}

}  // namespace asyncio::trace
