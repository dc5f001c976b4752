// The trace as JSON Lines: schema version 1 (native/schema/trace.v1.schema.json).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <asyncio/trace.hpp>

namespace asyncio::trace {

// The program's main file, for readers who have the trace and not the program.
struct Source {
  std::string name;  // the last part of its path, as in the events' places
  std::string text;
};

struct Header {
  std::string program;
  std::string clock;  // "real" or "virtual"
  std::vector<std::pair<std::string, std::string>> host;
  std::string guest = "cpp";  // the program's language: "cpp" or "python"
  std::optional<Source> source =
      std::nullopt;  // left out where it is very long, see kLongestSource
};

// A generated program of many megabytes would make its traces unwieldy.
inline constexpr std::size_t kLongestSource = 1024 * 1024;

enum class Stream : unsigned char { standard_output, standard_error };

// The kinds that come from the recorder, not from a loop.
struct Output {
  Stream stream;
  std::string_view text;
  std::optional<Place> loc{};
};
struct Truncated {
  std::string_view what;
  std::uint64_t dropped;
};
struct ProgramEnd {
  bool crashed;
  int code;
  std::string_view error;
};

// What every event carries. `t`: since the run began.
struct Stamp {
  std::uint64_t seq;
  Duration t;
  unsigned loop;
  std::uint64_t turn;
};

// Each appends one line, its line end included. Times in events are on the loop's clock; `origin`
// is when the run began.
void write_header(std::string& out, const Header& header);
void write_event(std::string& out, const Stamp& stamp, const What& what, Instant origin);
void write_event(std::string& out, const Stamp& stamp, const Output& output);
void write_event(std::string& out, const Stamp& stamp, const Truncated& truncated);
void write_event(std::string& out, const Stamp& stamp, const ProgramEnd& end);

}  // namespace asyncio::trace
