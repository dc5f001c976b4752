// The guest's core as C functions: web/src/runtimes/python/core.ts calls them. Numbers are doubles,
// for JavaScript has no other type for an id; NaN stands for what is absent. Texts are UTF-8, valid
// during the call.
#include <cmath>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <emscripten/em_js.h>
#include <emscripten/emscripten.h>

#include "core/seconds.hpp"
#include "slim/guest_core.hpp"

// clang-format off
EM_JS(void, loopscope_guest_trace, (const char* data, std::size_t size), {
  Module.guestTrace(HEAPU8.slice(data, data + size));
})
// clang-format on

namespace {

using namespace asyncio::trace;
using loopscope::GuestCore;
using loopscope::GuestRun;

GuestRun* run = nullptr;

std::uint64_t to_id(double number) { return static_cast<std::uint64_t>(number); }
double to_number(std::uint64_t id) { return static_cast<double>(id); }

std::optional<std::int64_t> if_any(double number) {
  if (std::isnan(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

Cause cause(std::string_view kind, double id) {
  using Kind = Cause::Kind;
  if (kind == "task") return {Kind::task, to_id(id)};
  if (kind == "future") return {Kind::future, to_id(id)};
  if (kind == "handle") return {Kind::handle, to_id(id)};
  return {kind == "yield" ? Kind::yield : Kind::outside, 0};
}

Outcome outcome_of(std::string_view name) {
  if (name == "exception") return Outcome::exception;
  return name == "cancelled" ? Outcome::cancelled : Outcome::result;
}

// Cuts `text` at `separator`, and leaves the rest in it.
std::string_view cut(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return part;
}

unsigned to_line(std::string_view digits) {
  unsigned line = 0;
  for (const char digit : digits) line = line * 10 + static_cast<unsigned>(digit - '0');
  return line;
}

// A place that lives as long as an event is told.
class GuestPlace {
 public:
  GuestPlace(const char* func, const char* file, double line)
      : guest_{func, file, static_cast<unsigned>(line)} {}
  std::optional<Place> place() const {
    if (guest_.line == 0) return std::nullopt;
    return Place{{}, false, &guest_};
  }

 private:
  Place::Guest guest_;
};

// "func\tfile\tline" a line, outermost first.
class GuestStack {
 public:
  explicit GuestStack(std::string_view text) {
    while (!text.empty()) {
      std::string_view line = cut(text, '\n');
      const std::string_view func = cut(line, '\t');
      const std::string_view file = cut(line, '\t');
      guests_.push_back({func, file, to_line(line)});
    }
    for (const Place::Guest& guest : guests_) places_.push_back(Place{{}, false, &guest});
  }
  const std::vector<Place>& places() const noexcept { return places_; }

 private:
  std::vector<Place::Guest> guests_;
  std::vector<Place> places_;
};

std::vector<Cause> causes(std::string_view lines) {
  std::vector<Cause> found;
  while (!lines.empty()) {
    std::string_view line = cut(lines, '\n');
    const std::string_view kind = cut(line, '\t');
    found.push_back(cause(kind, to_line(line)));
  }
  return found;
}

}  // namespace

#define EXPORT extern "C" EMSCRIPTEN_KEEPALIVE

// -- The run ------------------------------------------------------------------------------------------------------------

EXPORT void guest_open(const char* program, const char* platform, const char* interpreter,
                       const char* file, const char* source, bool is_virtual, bool debug,
                       bool traced, double events, double output) {
  loopscope::GuestOptions options{program,    platform, interpreter, {file, source},
                                  is_virtual, debug,    traced,      {}};
  options.limits = {to_id(events), to_id(output)};
  run = new GuestRun(std::move(options), [](std::string_view lines) {
    loopscope_guest_trace(lines.data(), lines.size());
  });
}
EXPORT double guest_now() { return asyncio::seconds(run->now()); }
EXPORT double guest_ask() { return asyncio::seconds(run->ask()); }
EXPORT void guest_pass_time(double seconds) { run->pass_time(seconds); }
EXPORT void guest_end_lines() { run->recorder().end_lines(); }
EXPORT void guest_flush() { run->recorder().flush(); }
EXPORT void guest_output(int fd, const char* data, std::size_t size, const char* func,
                         const char* file, double line) {
  const Place::Guest place{func, file, static_cast<unsigned>(line)};
  run->recorder().output(fd == 2 ? Stream::standard_error : Stream::standard_output, {data, size},
                         place.line == 0 ? nullptr : &place);
}
// Without an error the program exited.
EXPORT void guest_end(int code, const char* error) {
  const std::string_view text = error;
  run->recorder().finish({!text.empty(), code, text});
}

// -- Loops: each is kept for good, for the trace may still speak of it ------------------------------------------------

EXPORT GuestCore* guest_new_loop(bool traced) { return new GuestCore(*run, traced); }
EXPORT double guest_number(GuestCore* core) { return core->loop().loop().id(); }
EXPORT double guest_time(GuestCore* core) { return core->loop().time(); }

EXPORT double guest_call_soon(GuestCore* core) { return to_number(core->call_soon()); }
EXPORT double guest_call_at(GuestCore* core, double when) { return to_number(core->call_at(when)); }
EXPORT void guest_cancel(GuestCore* core, double handle) { core->cancel(to_id(handle)); }

// Negative: for ever.
EXPORT double guest_next_timeout(GuestCore* core) {
  const std::optional<asyncio::Duration> timeout = core->loop().loop().next_timeout();
  return timeout ? asyncio::seconds(*timeout) : asyncio::guest::GuestLoop::kForever;
}
EXPORT double guest_begin_turn(GuestCore* core, bool stopping) {
  return core->loop().begin_turn(stopping);
}
EXPORT void guest_collect(GuestCore* core) { core->loop().collect(); }
EXPORT double guest_next(GuestCore* core) { return to_number(core->next()); }

EXPORT void guest_loop_start(GuestCore* core) { core->loop().loop_start(); }
EXPORT void guest_loop_stop(GuestCore* core) { core->loop().loop_stop(); }
EXPORT void guest_close(GuestCore* core) { core->loop().close(); }

// -- Trace --------------------------------------------------------------------------------------------------------------

EXPORT void guest_mute(GuestCore* core, bool on) { core->loop().mute(on); }
EXPORT void guest_note(GuestCore* core, const char* label, double task, const char* by, double id,
                       const char* func, const char* file, double line) {
  core->loop().note({label, to_id(task), cause(by, id), func, file, static_cast<unsigned>(line),
                     std::string_view(by) == "thread"});
}
EXPORT void guest_raised(GuestCore* core, const char* text) { core->loop().raised(text); }
EXPORT double guest_new_task() { return to_number(asyncio::detail::id_source.task()); }
EXPORT double guest_new_future() { return to_number(asyncio::detail::id_source.future()); }
EXPORT double guest_new_resource() { return to_number(asyncio::detail::id_source.resource()); }

EXPORT void guest_task_created(GuestCore* core, double task, const char* name, const char* coro,
                               double parent, const char* func, const char* file, double line) {
  const GuestPlace place(func, file, line);
  core->loop().tell(TaskCreated{to_id(task), name, coro, to_id(parent), place.place()});
}
EXPORT void guest_step_begin(GuestCore* core, double task, const char* throws, const char* func,
                             const char* file, double line) {
  const GuestPlace place(func, file, line);
  core->loop().tell(TaskStepBegin{to_id(task), throws, place.place()});
}
EXPORT void guest_suspended(GuestCore* core, double task, const char* kind, double id,
                            double handle, double when, double resource, const char* op,
                            const char* stack) {
  Awaiting awaiting{kind, to_id(id), to_id(handle)};
  if (!std::isnan(when)) awaiting.when = asyncio::to_instant(when);
  awaiting.resource = to_id(resource);
  awaiting.op = op;
  const GuestStack places(stack);
  core->loop().tell(TaskSuspended{to_id(task), awaiting, places.places()});
}
EXPORT void guest_cancel_requested(GuestCore* core, double task, const char* by, double id,
                                   const char* func, const char* file, double line) {
  const GuestPlace place(func, file, line);
  core->loop().tell(TaskCancelRequested{to_id(task), cause(by, id), place.place()});
}
EXPORT void guest_uncancelled(GuestCore* core, double task, double left, const char* func,
                              const char* file, double line) {
  const GuestPlace place(func, file, line);
  core->loop().tell(TaskUncancelled{to_id(task), static_cast<unsigned>(left), place.place()});
}
EXPORT void guest_task_done(GuestCore* core, double task, const char* outcome, const char* value,
                            const char* error, const char* func, const char* file, double line) {
  const GuestPlace place(func, file, line);
  TaskDone done{to_id(task), outcome_of(outcome), std::nullopt, error, place.place()};
  if (value) done.value = value;
  core->loop().tell(done);
}
EXPORT void guest_future_created(GuestCore* core, double future, const char* type,
                                 const char* children, const char* func, const char* file,
                                 double line) {
  const GuestPlace place(func, file, line);
  const std::vector<Cause> of = causes(children);
  core->loop().tell(FutureCreated{to_id(future), type, of, place.place()});
}
EXPORT void guest_future_done(GuestCore* core, double future, const char* outcome, const char* by,
                              double id, const char* error, const char* func, const char* file,
                              double line) {
  const GuestPlace place(func, file, line);
  core->loop().tell(
      FutureDone{to_id(future), outcome_of(outcome), cause(by, id), error, place.place()});
}
EXPORT void guest_resource(GuestCore* core, double id, const char* type, const char* op,
                           const char* state, double value, double limit, double waiters,
                           const char* by, double by_id, double when, const char* item,
                           const char* func, const char* file, double line) {
  const GuestPlace place(func, file, line);
  Resource resource{to_id(id), type, op, state};
  resource.value = if_any(value);
  resource.limit = if_any(limit);
  resource.waiters = static_cast<std::size_t>(waiters);
  resource.by = cause(by, by_id);
  if (!std::isnan(when)) resource.when = asyncio::to_instant(when);
  if (item) resource.item = item;
  resource.loc = place.place();
  core->loop().tell(resource);
}
EXPORT void guest_log(GuestCore* core, const char* level, const char* text) {
  const bool error = std::string_view(level) == "error";
  core->loop().tell(Log{error ? Log::Level::error : Log::Level::warning, text});
}
