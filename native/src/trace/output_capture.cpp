#include "trace/output_capture.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <streambuf>

#include "trace/recorder.hpp"

namespace asyncio::trace {

namespace {

void write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

#if defined(__GLIBC__)

// One of the program's two streams.
struct Tap {
  Recorder* recorder;
  Stream stream;
  int fd;

  void put(std::string_view text) noexcept {
    write_all(fd, text);
    recorder->output(stream, text);
  }
};

// For std::cout and its like: unbuffered, so that it keeps its place among what printf() writes.
class TapBuffer final : public std::streambuf {
 public:
  explicit TapBuffer(Tap tap) : tap_(tap) {}

 private:
  int_type overflow(int_type c) override {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    const char one = traits_type::to_char_type(c);
    tap_.put({&one, 1});
    return c;
  }
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    tap_.put({text, static_cast<std::size_t>(size)});
    return size;
  }
  Tap tap_;
};

// A stdio stream into a tap; glibc lets `stdout` be replaced.
std::FILE* open_tap(Tap& tap) {
  const auto put = [](void* cookie, const char* text, std::size_t size) -> ssize_t {
    static_cast<Tap*>(cookie)->put({text, size});
    return static_cast<ssize_t>(size);
  };
  std::FILE* file = fopencookie(&tap, "w", {nullptr, put, nullptr, nullptr});
  if (file) std::setvbuf(file, nullptr, _IONBF, 0);
  return file;
}

#endif

}  // namespace

#if defined(__GLIBC__)

void capture_output(Recorder& recorder) {
  // All of it lives for good: the program may print in the destructors of its static objects.
  static Tap& out = *new Tap{&recorder, Stream::standard_output, STDOUT_FILENO};
  static Tap& err = *new Tap{&recorder, Stream::standard_error, STDERR_FILENO};
  static const std::ios_base::Init streams_exist;
  std::fflush(stdout);
  if (std::FILE* file = open_tap(out)) stdout = file;
  if (std::FILE* file = open_tap(err)) stderr = file;
  std::cout.rdbuf(new TapBuffer(out));
  std::cerr.rdbuf(new TapBuffer(err));
  std::clog.rdbuf(new TapBuffer(err));
}

#else

// Elsewhere the host hands over what is written (loopscope_output).
void capture_output(Recorder&) {}

#endif

void write_uncaptured_stderr(std::string_view text) noexcept { write_all(STDERR_FILENO, text); }

}  // namespace asyncio::trace
