#include "module/told.hpp"

#include <charconv>
#include <string>
#include <vector>

#include "core/seconds.hpp"
#include "module/core_type.hpp"

namespace loopscope::python::told {

namespace trace = asyncio::trace;

namespace {

asyncio::guest::GuestLoop& guest_of(PyObject* self) noexcept {
  return reinterpret_cast<CoreObject*>(self)->core->guest;
}

// The arguments of one call, in order.
class Arguments {
 public:
  explicit Arguments(PyObject* args) noexcept : args_(args) {}

  PyObject* object() {
    if (at_ >= PyTuple_GET_SIZE(args_)) {
      PyErr_SetString(PyExc_TypeError, "an argument is missing");
      throw PythonError();
    }
    return PyTuple_GET_ITEM(args_, at_++);
  }
  std::string_view text() { return text_of(object()); }
  std::uint64_t number() {
    const std::uint64_t value = PyLong_AsUnsignedLongLong(object());
    if (PyErr_Occurred()) throw PythonError();
    return value;
  }
  std::optional<std::int64_t> number_if_any() {
    PyObject* const given = object();
    if (given == Py_None) return std::nullopt;
    const std::int64_t value = PyLong_AsLongLong(given);
    if (PyErr_Occurred()) throw PythonError();
    return value;
  }
  std::optional<std::string_view> text_if_any() {
    PyObject* const given = object();
    return given == Py_None ? std::nullopt : std::optional(text_of(given));
  }
  std::optional<asyncio::Instant> instant_if_any() {
    PyObject* const given = object();
    if (given == Py_None) return std::nullopt;
    const double seconds = PyFloat_AsDouble(given);
    if (PyErr_Occurred()) throw PythonError();
    return asyncio::to_instant(seconds);
  }
  trace::Cause cause() {
    const std::string_view kind = text();
    return {kind_named(kind), number()};
  }
  trace::Place::Guest place() {
    const std::string_view func = text();
    const std::string_view file = text();
    return {func, file, static_cast<unsigned>(number())};
  }
  trace::Outcome outcome() {
    const std::string_view name = text();
    return name == "result"      ? trace::Outcome::result
           : name == "cancelled" ? trace::Outcome::cancelled
                                 : trace::Outcome::exception;
  }

  static trace::Cause::Kind kind_named(std::string_view name) noexcept {
    using Kind = trace::Cause::Kind;
    return name == "task"     ? Kind::task
           : name == "future" ? Kind::future
           : name == "handle" ? Kind::handle
           : name == "yield"  ? Kind::yield
                              : Kind::outside;
  }

 private:
  PyObject* args_;
  Py_ssize_t at_ = 0;
};

std::optional<trace::Place> at(const trace::Place::Guest& place) {
  if (place.line == 0) return std::nullopt;
  return trace::Place{{}, false, &place};
}

template <class Use>
void for_each_part(std::string_view text, char separator, Use&& use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for_each_part(text, separator, [&](std::string_view part) { parts.push_back(part); });
  return parts;
}

std::uint64_t parse_number(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<trace::Place::Guest> parse_stack(std::string_view lines) {
  std::vector<trace::Place::Guest> places;
  for_each_part(lines, '\n', [&](std::string_view line) {
    const auto parts = parts_of(line, '\t');
    if (parts.size() == 3)
      places.push_back({parts[0], parts[1], static_cast<unsigned>(parse_number(parts[2]))});
  });
  return places;
}

std::vector<trace::Cause> parse_causes(std::string_view lines) {
  std::vector<trace::Cause> causes;
  for_each_part(lines, '\n', [&](std::string_view line) {
    const auto parts = parts_of(line, '\t');
    if (parts.size() == 2)
      causes.push_back({Arguments::kind_named(parts[0]), parse_number(parts[1])});
  });
  return causes;
}

}  // namespace

PyObject* note(PyObject* self, PyObject* args) {
  return guarded([&] {
    Arguments given(args);
    asyncio::guest::Note note;
    note.label = given.text();
    note.task = given.number();
    const std::string_view kind = given.text();
    note.by = {Arguments::kind_named(kind), given.number()};
    note.from_thread = kind == "thread";
    const trace::Place::Guest place = given.place();
    note.func = place.func;
    note.file = place.file;
    note.line = place.line;
    guest_of(self).note(std::move(note));
    return none();
  });
}

PyObject* raised(PyObject* self, PyObject* text) {
  return guarded([&] {
    guest_of(self).raised(std::string(text_of(text)));
    return none();
  });
}

PyObject* new_task(PyObject*, PyObject*) {
  return PyLong_FromUnsignedLongLong(asyncio::detail::id_source.task());
}
PyObject* new_future(PyObject*, PyObject*) {
  return PyLong_FromUnsignedLongLong(asyncio::detail::id_source.future());
}
PyObject* new_resource(PyObject*, PyObject*) {
  return PyLong_FromUnsignedLongLong(asyncio::detail::id_source.resource());
}

PyObject* task_created(PyObject* self, PyObject* args) {
  return guarded([&] {
    Arguments given(args);
    trace::TaskCreated event{};
    event.task = given.number();
    event.name = given.text();
    event.coro = given.text();
    event.parent = given.number();
    const trace::Place::Guest place = given.place();
    event.loc = at(place);
    guest_of(self).tell(event);
    return none();
  });
}

PyObject* step_begin(PyObject* self, PyObject* args) {
  return guarded([&] {
    Arguments given(args);
    trace::TaskStepBegin event{};
    event.task = given.number();
    event.throws = given.text();
    const trace::Place::Guest place = given.place();
    event.loc = at(place);
    guest_of(self).tell(event);
    return none();
  });
}

PyObject* suspended(PyObject* self, PyObject* args) {
  return guarded([&] {
    Arguments given(args);
    trace::TaskSuspended event{};
    event.task = given.number();
    event.awaiting.kind = given.text();
    event.awaiting.id = given.number();
    event.awaiting.handle = given.number();
    event.awaiting.when = given.instant_if_any().value_or(asyncio::Instant{});
    event.awaiting.resource = given.number();
    event.awaiting.op = given.text();
    const auto places = parse_stack(given.text());
    std::vector<trace::Place> stack;
    stack.reserve(places.size());
    for (const auto& place : places) stack.push_back({{}, true, &place});
    event.stack = stack;
    guest_of(self).tell(event);
    return none();
  });
}

PyObject* cancel_requested(PyObject* self, PyObject* args) {
  return guarded([&] {
    Arguments given(args);
    trace::TaskCancelRequested event{};
    event.task = given.number();
    event.by = given.cause();
    const trace::Place::Guest place = given.place();
    event.loc = at(place);
    guest_of(self).tell(event);
    return none();
  });
}

PyObject* uncancelled(PyObject* self, PyObject* args) {
  return guarded([&] {
    Arguments given(args);
    trace::TaskUncancelled event{};
    event.task = given.number();
    event.left = static_cast<unsigned>(given.number());
    const trace::Place::Guest place = given.place();
    event.loc = at(place);
    guest_of(self).tell(event);
    return none();
  });
}

PyObject* task_done(PyObject* self, PyObject* args) {
  return guarded([&] {
    Arguments given(args);
    trace::TaskDone event{};
    event.task = given.number();
    event.outcome = given.outcome();
    event.value = given.text_if_any();
    event.error = given.text();
    const trace::Place::Guest place = given.place();
    event.loc = at(place);
    guest_of(self).tell(event);
    return none();
  });
}

PyObject* future_created(PyObject* self, PyObject* args) {
  return guarded([&] {
    Arguments given(args);
    trace::FutureCreated event{};
    event.future = given.number();
    event.type = given.text();
    const auto children = parse_causes(given.text());
    event.children = children;
    const trace::Place::Guest place = given.place();
    event.loc = at(place);
    guest_of(self).tell(event);
    return none();
  });
}

PyObject* future_done(PyObject* self, PyObject* args) {
  return guarded([&] {
    Arguments given(args);
    trace::FutureDone event{};
    event.future = given.number();
    event.outcome = given.outcome();
    event.by = given.cause();
    event.error = given.text();
    const trace::Place::Guest place = given.place();
    event.loc = at(place);
    guest_of(self).tell(event);
    return none();
  });
}

PyObject* resource(PyObject* self, PyObject* args) {
  return guarded([&] {
    Arguments given(args);
    trace::Resource event{};
    event.resource = given.number();
    event.type = given.text();
    event.op = given.text();
    event.state = given.text();
    event.value = given.number_if_any();
    event.limit = given.number_if_any();
    event.waiters = given.number();
    event.by = given.cause();
    event.when = given.instant_if_any();
    event.item = given.text_if_any();
    const trace::Place::Guest place = given.place();
    event.loc = at(place);
    guest_of(self).tell(event);
    return none();
  });
}

PyObject* log(PyObject* self, PyObject* args) {
  return guarded([&] {
    Arguments given(args);
    const bool warning = given.text() == "warning";
    guest_of(self).tell(
        trace::Log{warning ? trace::Log::Level::warning : trace::Log::Level::error, given.text()});
    return none();
  });
}

}  // namespace loopscope::python::told
