// The C library's functions that know more of a stream than its bytes, or write past all streams,
// defined here so that the linker takes these: while output is captured they see through the tees,
// otherwise they pass the call on. Weak: a program may have functions of these names.
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#include "trace/captured_streams.hpp"

#if defined(__GLIBC__)

using namespace asyncio::trace;  // NOLINT: these are the C library's names

namespace {

template <class F>
F* original(const char* name) noexcept {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

// Looked up early: write() may be called in a signal handler, dlsym() may not.
ssize_t (*next_write)(int, const void*, std::size_t) = nullptr;
ssize_t (*next_writev)(int, const iovec*, int) = nullptr;
// What the program means by `file`; null where it has closed that.
std::FILE* behind(std::FILE* file) noexcept {
  const CapturedStream* const captured = captured_file(file);
  return captured ? captured->real : file;
}

[[gnu::constructor]] void find_early() { find_original_calls(); }

int bad_file() noexcept {
  errno = EBADF;
  return -1;
}

int print_to(int fd, const char* format, va_list values) {
  char* text = nullptr;
  const int size = vasprintf(&text, format, values);
  if (size < 0) return size;
  ssize_t written = 0;
  for (int at = 0; at < size && written >= 0; at += static_cast<int>(written))
    written = write(fd, text + at, static_cast<std::size_t>(size - at));
  std::free(text);
  return written < 0 ? -1 : size;
}

}  // namespace

void asyncio::trace::find_original_calls() noexcept {
  next_write = original<ssize_t(int, const void*, std::size_t)>("write");
  next_writev = original<ssize_t(int, const iovec*, int)>("writev");
}

#define LOOPSCOPE_INSTEAD extern "C" [[gnu::weak]]

LOOPSCOPE_INSTEAD ssize_t write(int fd, const void* data, std::size_t size) {
  const ssize_t written =
      next_write ? next_write(fd, data, size) : syscall(SYS_write, fd, data, size);
  if (written <= 0) return written;
  if (CapturedStream* captured = captured_descriptor(fd)) {
    const int error = errno;
    captured->post({static_cast<const char*>(data), static_cast<std::size_t>(written)});
    errno = error;
  }
  return written;
}

LOOPSCOPE_INSTEAD ssize_t writev(int fd, const iovec* parts, int count) {
  const ssize_t written =
      next_writev ? next_writev(fd, parts, count) : syscall(SYS_writev, fd, parts, count);
  CapturedStream* const captured = written > 0 ? captured_descriptor(fd) : nullptr;
  if (!captured) return written;
  const int error = errno;
  auto left = static_cast<std::size_t>(written);
  for (int at = 0; at < count && left > 0; ++at) {
    const std::size_t size = parts[at].iov_len < left ? parts[at].iov_len : left;
    captured->post({static_cast<const char*>(parts[at].iov_base), size});
    left -= size;
  }
  errno = error;
  return written;
}

// These write within the C library, where nobody sees it.
LOOPSCOPE_INSTEAD int vdprintf(int fd, const char* format, va_list values) {
  static const auto next = original<int(int, const char*, va_list)>("vdprintf");
  return captured_descriptor(fd) ? print_to(fd, format, values) : next(fd, format, values);
}
LOOPSCOPE_INSTEAD int dprintf(int fd, const char* format, ...) {
  va_list values;
  va_start(values, format);
  const int size = vdprintf(fd, format, values);
  va_end(values);
  return size;
}
// What the two are where the program is compiled with checks; the names are the C library's.
// NOLINTBEGIN(bugprone-reserved-identifier)
LOOPSCOPE_INSTEAD int __vdprintf_chk(int fd, int, const char* format, va_list values) {
  return vdprintf(fd, format, values);
}
LOOPSCOPE_INSTEAD int __dprintf_chk(int fd, int, const char* format, ...) {
  va_list values;
  va_start(values, format);
  const int size = vdprintf(fd, format, values);
  va_end(values);
  return size;
}
// NOLINTEND(bugprone-reserved-identifier)

LOOPSCOPE_INSTEAD int fileno(std::FILE* file) noexcept {
  static const auto next = original<int(std::FILE*)>("fileno");
  std::FILE* const real = behind(file);
  return real ? next(real) : bad_file();
}
LOOPSCOPE_INSTEAD int fileno_unlocked(std::FILE* file) noexcept { return fileno(file); }

LOOPSCOPE_INSTEAD int fflush(std::FILE* file) {
  static const auto next = original<int(std::FILE*)>("fflush");
  if (!captured_file(file)) return next(file);
  std::FILE* const real = behind(file);
  return real ? next(real) : bad_file();
}
LOOPSCOPE_INSTEAD int fflush_unlocked(std::FILE* file) {
  static const auto next = original<int(std::FILE*)>("fflush_unlocked");
  return captured_file(file) ? fflush(file) : next(file);
}

LOOPSCOPE_INSTEAD int fclose(std::FILE* file) {
  static const auto next = original<int(std::FILE*)>("fclose");
  CapturedStream* const captured = captured_file(file);
  if (!captured) return next(file);
  if (!captured->real) return bad_file();
  std::FILE* const real = captured->real;
  captured->real = nullptr;
  return next(real);
}

namespace {

using Freopen = std::FILE*(const char*, const char*, std::FILE*);
std::FILE* reopen(Freopen* next, const char* path, const char* mode, std::FILE* file) {
  CapturedStream* const captured = captured_file(file);
  if (!captured) return next(path, mode, file);
  if (!captured->real) {
    bad_file();
    return nullptr;
  }
  return next(path, mode, captured->real) ? file : nullptr;
}

}  // namespace

LOOPSCOPE_INSTEAD std::FILE* freopen(const char* path, const char* mode, std::FILE* file) {
  static const auto next = original<Freopen>("freopen");
  return reopen(next, path, mode, file);
}
LOOPSCOPE_INSTEAD std::FILE* freopen64(const char* path, const char* mode, std::FILE* file) {
  static const auto next = original<Freopen>("freopen64");
  return reopen(next, path, mode, file);
}

LOOPSCOPE_INSTEAD int setvbuf(std::FILE* file, char* room, int mode, std::size_t size) noexcept {
  static const auto next = original<int(std::FILE*, char*, int, std::size_t)>("setvbuf");
  std::FILE* const real = behind(file);
  return real ? next(real, room, mode, size) : bad_file();
}
LOOPSCOPE_INSTEAD void setbuffer(std::FILE* file, char* room, std::size_t size) noexcept {
  setvbuf(file, room, room ? _IOFBF : _IONBF, size);
}
LOOPSCOPE_INSTEAD void setbuf(std::FILE* file, char* room) noexcept {
  setbuffer(file, room, BUFSIZ);
}
LOOPSCOPE_INSTEAD void setlinebuf(std::FILE* file) noexcept { setvbuf(file, nullptr, _IOLBF, 0); }

#if defined(__GLIBCXX__)
// std::ios_base::sync_with_stdio(bool).
LOOPSCOPE_INSTEAD bool loopscope_sync_with_stdio(bool sync) asm(
    "_ZNSt8ios_base15sync_with_stdioEb");
bool loopscope_sync_with_stdio(bool sync) {
  static const auto next = original<bool(bool)>("_ZNSt8ios_base15sync_with_stdioEb");
  return exchange_buffers(next, sync);
}
#endif

#endif
