#include "module/descriptors.hpp"

#include <limits>

namespace loopscope::python {

namespace {

// A SelectorKey's parts, by their places in the tuple.
constexpr Py_ssize_t kFile = 0, kNumber = 1, kEvents = 2, kData = 3;

void check_handle(PyObject* handle) {
  if (PyObject_TypeCheck(handle, handle_types.plain)) return;
  PyErr_SetString(PyExc_TypeError, "A Handle is required here");
  throw PythonError();
}

// A descriptor's handle is scheduled each time it is ready.
void schedule_turn(LoopObject& loop, PyObject* handle) {
  loop.core->guest.call_soon(*new DescriptorTurn(handle));
}

// One of the two ways in which a descriptor can be ready.
struct Direction {
  asyncio::Interest interest;
  Py_ssize_t place;  // of its handle in a key's data: (reader, writer)
  const char* add_in_python;
  const char* remove;
  const char* remove_in_python;
};
constexpr Direction kRead{asyncio::Interest::read, 0, "_add_reader_in_python", "_remove_reader",
                          "_remove_reader_in_python"};
constexpr Direction kWrite{asyncio::Interest::write, 1, "_add_writer_in_python", "_remove_writer",
                           "_remove_writer_in_python"};

// -- The selector's keys ------------------------------------------------------------------------------------------------

Owned key_of(const LoopObject& loop, PyObject* fd) {
  Owned key = Owned::also(PyDict_GetItemWithError(loop.watched, fd));
  if (!key && PyErr_Occurred()) throw PythonError();
  return key;
}

asyncio::Interest interest_of(PyObject* key) {
  return static_cast<asyncio::Interest>(PyLong_AsLong(PyTuple_GET_ITEM(key, kEvents)));
}

asyncio::Interest both_of(asyncio::Interest one, asyncio::Interest other) noexcept {
  return static_cast<asyncio::Interest>(static_cast<unsigned>(one) | static_cast<unsigned>(other));
}

// The handle that waits; None where nobody does.
PyObject* handle_in(PyObject* key, const Direction& direction) {
  PyObject* const data = PyTuple_GET_ITEM(key, kData);
  if (PyTuple_Check(data) && PyTuple_GET_SIZE(data) == 2)
    return PyTuple_GET_ITEM(data, direction.place);
  PyErr_SetString(PyExc_TypeError, "a descriptor of the loop has no (reader, writer)");
  throw PythonError();
}

// A new key in the dictionary, and the core's interest. `old`: null where the descriptor was not
// watched.
void put_key(LoopObject& loop, PyObject* fd, PyObject* old, asyncio::Interest interest,
             Owned reader, Owned writer) {
  if (!old || interest_of(old) != interest)
    loop.core->guest.watch(static_cast<int>(PyLong_AsLong(fd)), interest);
  Owned data(checked(PyTuple_New(2)));
  PyTuple_SET_ITEM(data.get(), 0, reader.release());
  PyTuple_SET_ITEM(data.get(), 1, writer.release());
  static PyTypeObject* const type = [] {
    const Owned selectors(checked(PyImport_ImportModule("selectors")));
    return reinterpret_cast<PyTypeObject*>(
        checked(PyObject_GetAttrString(selectors.get(), "SelectorKey")));
  }();
  const Owned key(checked(type->tp_alloc(type, 4)));
  PyTuple_SET_ITEM(key.get(), kFile, Py_NewRef(old ? PyTuple_GET_ITEM(old, kFile) : fd));
  PyTuple_SET_ITEM(key.get(), kNumber, Py_NewRef(fd));
  PyTuple_SET_ITEM(key.get(), kEvents, checked(PyLong_FromLong(static_cast<long>(interest))));
  PyTuple_SET_ITEM(key.get(), kData, data.release());
  if (PyDict_SetItem(loop.watched, fd, key.get()) != 0) throw PythonError();
}

void remove_key(const LoopObject& loop, PyObject* fd) {
  if (PyDict_DelItem(loop.watched, fd) != 0) throw PythonError();
  try {
    loop.core->guest.watch(static_cast<int>(PyLong_AsLong(fd)), asyncio::Interest::none);
  } catch (const std::system_error&) {
    // It was closed before: nothing is left to forget.
  }
}

// -- Adding and removing ------------------------------------------------------------------------------------------------

bool is_direct(const LoopObject& loop, PyObject* fd) noexcept {
  if (!loop.watched || loop.bent || !PyLong_CheckExact(fd)) return false;
  // What can be no descriptor is left to Python, which says so.
  int overflow = 0;
  const long number = PyLong_AsLongAndOverflow(fd, &overflow);
  return overflow == 0 && number >= 0 && number <= std::numeric_limits<int>::max();
}

PyObject* add(PyObject* self, PyObject* const* args, Py_ssize_t count, const Direction& direction) {
  return guarded([&] {
    LoopObject& loop = loop_of(self);
    if (count < 2 || !is_direct(loop, args[0])) {
      const Owned rare(checked(PyObject_GetAttrString(self, direction.add_in_python)));
      return checked(
          PyObject_Vectorcall(rare.get(), args, static_cast<std::size_t>(count), nullptr));
    }
    check_open(loop);
    Owned rest(checked(PyTuple_New(count - 2)));
    for (Py_ssize_t index = 2; index < count; ++index)
      PyTuple_SET_ITEM(rest.get(), index - 2, Py_NewRef(args[index]));
    Owned handle = make_handle(handle_types.handle, args[1], std::move(rest), self, nullptr);
    const Owned old = key_of(loop, args[0]);
    Owned both[2] = {Owned(none()), Owned(none())};
    asyncio::Interest interest = direction.interest;
    if (old) {
      for (const Direction* one : {&kRead, &kWrite})
        both[one->place] = Owned::also(handle_in(old.get(), *one));
      interest = both_of(interest, interest_of(old.get()));
    }
    const Owned before = std::exchange(both[direction.place], Owned::also(handle.get()));
    put_key(loop, args[0], old.get(), interest, std::move(both[0]), std::move(both[1]));
    if (before.get() != Py_None) call_method(before.get(), "cancel", nullptr);
    return handle.release();
  });
}

PyObject* remove(PyObject* self, PyObject* fd, const Direction& direction) {
  return guarded([&] {
    LoopObject& loop = loop_of(self);
    if (!is_direct(loop, fd))
      return checked(PyObject_CallMethod(self, direction.remove_in_python, "O", fd));
    if (loop.closed) return Py_NewRef(Py_False);
    const Owned old = key_of(loop, fd);
    if (!old) return Py_NewRef(Py_False);
    const Owned handle = Owned::also(handle_in(old.get(), direction));
    const Direction& other = direction.place == 0 ? kWrite : kRead;
    if (!includes(interest_of(old.get()), other.interest)) {
      remove_key(loop, fd);
    } else {
      Owned both[2] = {Owned(none()), Owned(none())};
      both[other.place] = Owned::also(handle_in(old.get(), other));
      put_key(loop, fd, old.get(), other.interest, std::move(both[0]), std::move(both[1]));
    }
    if (handle.get() == Py_None) return Py_NewRef(Py_False);
    call_method(handle.get(), "cancel", nullptr);
    return Py_NewRef(Py_True);
  });
}

// -- Becoming ready -----------------------------------------------------------------------------------------------------

void direction_ready(PyObject* self, PyObject* key, const Direction& direction) {
  PyObject* const handle = handle_in(key, direction);
  if (handle == Py_None) return;
  check_handle(handle);
  if (!is_cancelled(handle))
    schedule_turn(loop_of(self), handle);
  else
    call_method(self, direction.remove, PyTuple_GET_ITEM(key, kFile));
}

void descriptor_ready(PyObject* self, const asyncio::Ready& ready) {
  const Owned fd(checked(PyLong_FromLong(ready.fd)));
  const Owned key = key_of(loop_of(self), fd.get());
  if (!key) return;  // nobody waits for it any more
  const asyncio::Interest wanted = interest_of(key.get());
  for (const Direction* one : {&kRead, &kWrite}) {
    if (includes(ready.interest, one->interest) && includes(wanted, one->interest))
      direction_ready(self, key.get(), *one);
  }
}

}  // namespace

void schedule_ready_descriptors(PyObject* self, LoopObject& loop) {
  std::vector<asyncio::Ready>& ready = loop.core->ready;
  if (ready.empty()) return;
  if (!loop.watched) {
    const Owned list = take_ready(*loop.core);
    return call_method(self, "_descriptors_ready", list.get());
  }
  const struct Clear {
    std::vector<asyncio::Ready>& ready;
    ~Clear() { ready.clear(); }
  } clear{ready};
  for (const asyncio::Ready& one : ready) descriptor_ready(self, one);
}

PyObject* add_callback(PyObject* self, PyObject* handle) {
  return guarded([&] {
    LoopObject& loop = loop_of(self);
    check_open(loop);
    check_handle(handle);
    if (loop.bent)
      return checked(PyObject_CallMethod(self, "_add_callback_in_python", "O", handle));
    if (!is_cancelled(handle)) schedule_turn(loop, handle);
    return none();
  });
}

PyObject* add_reader(PyObject* self, PyObject* const* args, Py_ssize_t count) {
  return add(self, args, count, kRead);
}
PyObject* add_writer(PyObject* self, PyObject* const* args, Py_ssize_t count) {
  return add(self, args, count, kWrite);
}
PyObject* remove_reader(PyObject* self, PyObject* fd) { return remove(self, fd, kRead); }
PyObject* remove_writer(PyObject* self, PyObject* fd) { return remove(self, fd, kWrite); }

}  // namespace loopscope::python
