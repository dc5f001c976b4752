#include "trace/output_capture.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <streambuf>
#include <string>

#if defined(__GLIBC__)
#include <stdio_ext.h>

#include <cwchar>

#include "trace/captured_streams.hpp"
#endif

namespace asyncio::trace {

#if defined(__GLIBC__)

namespace {

CapturedStream* captured_out = nullptr;
CapturedStream* captured_err = nullptr;
thread_local bool passing_on = false;

// Whoever reads a line from a terminal expects to see what was printed before. stdio does that for
// `stdout`, which is the tee.
void show_if_line_buffered(std::FILE* file) {
  if (__flbf(file)) std::fflush(file);
}

// To a FILE as the tee was written to: bytes, or wide characters in the locale's encoding.
std::size_t hand_on(std::FILE* tee, std::FILE* real, const char* text, std::size_t size) {
  if (std::fwide(tee, 0) <= 0) return std::fwrite(text, 1, size, real);
  std::mbstate_t state{};
  for (std::size_t at = 0; at < size;) {
    wchar_t wide = 0;
    const std::size_t length = std::mbrtowc(&wide, text + at, size - at, &state);
    if (length > size - at || std::fputwc(wide, real) == WEOF) return at;
    at += length == 0 ? 1 : length;
  }
  return size;
}

ssize_t write_tee(void* cookie, const char* text, std::size_t size) {
  CapturedStream& captured = *static_cast<CapturedStream*>(cookie);
  if (!captured.real) {
    errno = EBADF;
    return 0;
  }
  const std::size_t written = hand_on(captured.tee, captured.real, text, size);
  captured.record({text, written});
  show_if_line_buffered(captured.real);
  return static_cast<ssize_t>(written);
}

int seek_tee(void* cookie, off64_t* offset, int whence) {
  std::FILE* const real = static_cast<CapturedStream*>(cookie)->real;
  if (!real || fseeko64(real, *offset, whence) != 0) return -1;
  *offset = ftello64(real);
  return *offset < 0 ? -1 : 0;
}

CapturedStream* capture(Recorder& recorder, Stream stream, int fd, std::FILE*& variable) {
  auto* captured = new CapturedStream{&recorder, stream, fd, {}, variable, nullptr};
  if (fstat(fd, &captured->file) != 0) captured->file = {};
  std::FILE* const tee = fopencookie(captured, "w", {nullptr, &write_tee, &seek_tee, nullptr});
  if (!tee) return nullptr;
  // Its buffer is that of the stream behind it.
  std::setvbuf(tee, nullptr, _IONBF, 0);
  captured->tee = tee;
  variable = tee;
  return captured;
}

std::string_view utf8_of(wchar_t wide, std::string& room) {
  const auto c = static_cast<char32_t>(wide);
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80)
    room = {static_cast<char>(c)};
  else if (c < 0x800)
    room = {static_cast<char>(0xC0 | (c >> 6)), tail(0)};
  else if (c < 0x10000)
    room = {static_cast<char>(0xE0 | (c >> 12)), tail(6), tail(0)};
  else
    room = {static_cast<char>(0xF0 | (c >> 18)), tail(12), tail(6), tail(0)};
  return room;
}

// Before the buffer of std::cout and its like.
template <class Char>
class Tee final : public std::basic_streambuf<Char> {
  using Base = std::basic_streambuf<Char>;
  using Traits = typename Base::traits_type;

 public:
  explicit Tee(CapturedStream& to) : to_(to) {}
  Base* behind() const noexcept { return behind_; }
  void put_before(Base* buffer) noexcept { behind_ = buffer; }

 private:
  typename Base::int_type overflow(typename Base::int_type c) override {
    if (Traits::eq_int_type(c, Traits::eof())) return sync() == 0 ? Traits::not_eof(c) : c;
    const Char one = Traits::to_char_type(c);
    return xsputn(&one, 1) == 1 ? c : Traits::eof();
  }
  std::streamsize xsputn(const Char* text, std::streamsize size) override {
    const PassingOn here;
    const std::streamsize written = behind_->sputn(text, size);
    record(text, static_cast<std::size_t>(written));
    if (to_.real) show_if_line_buffered(to_.real);
    return written;
  }
  int sync() override {
    const PassingOn here;
    return behind_->pubsync();
  }
  void imbue(const std::locale& locale) override { behind_->pubimbue(locale); }
  Base* setbuf(Char* room, std::streamsize size) override { return behind_->pubsetbuf(room, size); }
  typename Base::pos_type seekoff(typename Base::off_type offset, std::ios::seekdir way,
                                  std::ios::openmode which) override {
    return behind_->pubseekoff(offset, way, which);
  }
  typename Base::pos_type seekpos(typename Base::pos_type at, std::ios::openmode which) override {
    return behind_->pubseekpos(at, which);
  }
  void record(const Char* text, std::size_t size) {
    if constexpr (sizeof(Char) == 1) {
      to_.record({text, size});
    } else {
      std::string all;
      std::string one;
      for (std::size_t at = 0; at < size; ++at) all += utf8_of(text[at], one);
      to_.record(all);
    }
  }

  CapturedStream& to_;
  Base* behind_ = nullptr;
};

// A standard stream of C++, and what stands before its buffer.
template <class Char>
class CapturedOstream {
 public:
  CapturedOstream(std::basic_ostream<Char>& stream, CapturedStream& to)
      : stream_(stream), tee_(*new Tee<Char>(to)) {
    insert();
  }
  void insert() {
    tee_.put_before(stream_.rdbuf());
    stream_.rdbuf(&tee_);
  }
  // False where the program has given the stream a buffer of its own.
  bool remove() {
    if (stream_.rdbuf() != &tee_) return false;
    stream_.rdbuf(tee_.behind());
    return true;
  }

 private:
  std::basic_ostream<Char>& stream_;
  Tee<Char>& tee_;  // for good: the program may print in the destructors of its static objects
};

struct Ostreams {
  CapturedOstream<char> out{std::cout, *captured_out};
  CapturedOstream<char> err{std::cerr, *captured_err};
  CapturedOstream<char> log{std::clog, *captured_err};
  CapturedOstream<wchar_t> wide_out{std::wcout, *captured_out};
  CapturedOstream<wchar_t> wide_err{std::wcerr, *captured_err};
  CapturedOstream<wchar_t> wide_log{std::wclog, *captured_err};

  template <class F>
  void each(F f) {
    f(out, 0), f(err, 1), f(log, 2), f(wide_out, 3), f(wide_err, 4), f(wide_log, 5);
  }
};
Ostreams* ostreams = nullptr;

}  // namespace

bool CapturedStream::is_as_it_was() const noexcept {
  struct stat now{};
  return fstat(fd, &now) == 0 && now.st_dev == file.st_dev && now.st_ino == file.st_ino;
}
void CapturedStream::record(std::string_view text) noexcept {
  if (!text.empty() && is_as_it_was()) recorder->output(stream, text);
}
void CapturedStream::post(std::string_view text) noexcept {
  if (!passing_on && !text.empty() && is_as_it_was()) recorder->post(stream, text);
}

CapturedStream* captured_file(const std::FILE* file) noexcept {
  if (!file || !captured_out) return nullptr;
  if (file == captured_out->tee) return captured_out;
  return file == captured_err->tee ? captured_err : nullptr;
}
CapturedStream* captured_descriptor(int fd) noexcept {
  if (fd == STDOUT_FILENO) return captured_out;
  return fd == STDERR_FILENO ? captured_err : nullptr;
}

PassingOn::PassingOn() noexcept : before_(passing_on) { passing_on = true; }
PassingOn::~PassingOn() { passing_on = before_; }

bool exchange_buffers(bool (*make)(bool), bool sync) {
  if (!ostreams) return make(sync);
  bool removed[6];
  ostreams->each([&](auto& one, int number) { removed[number] = one.remove(); });
  std::FILE* const files[] = {stdout, stderr};
  if (captured_file(stdout)) stdout = captured_file(stdout)->real;
  if (captured_file(stderr)) stderr = captured_file(stderr)->real;
  const bool before = make(sync);
  stdout = files[0];
  stderr = files[1];
  ostreams->each([&](auto& one, int number) {
    if (removed[number]) one.insert();
  });
  return before;
}

void capture_output(Recorder& recorder) {
  static const std::ios_base::Init streams_exist;
  find_original_calls();
  CapturedStream* const out = capture(recorder, Stream::standard_output, STDOUT_FILENO, stdout);
  CapturedStream* const err = capture(recorder, Stream::standard_error, STDERR_FILENO, stderr);
  if (!out || !err) return;
  captured_out = out;
  captured_err = err;
  ostreams = new Ostreams;
}

#else

// Elsewhere the host hands over what is written (loopscope_output).
void capture_output(Recorder&) {}

#endif

void write_uncaptured_stderr(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = syscall(SYS_write, STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace asyncio::trace
