// `_loopscope.Handle` and `_loopscope.TimerHandle`: asyncio's, with a place in our queues.
//
// They derive from asyncio.Handle, and keep what it has in its own slots: what Python code reads
// and writes there is what runs.
#pragma once

#include "guest/guest_loop.hpp"
#include "module/python.hpp"

namespace loopscope::python {

// What our queues have of a handle. Their references to it are together one to the handle.
class QueuedHandle : public asyncio::guest::GuestNode {
 public:
  // Null for what is known by its number alone.
  PyObject* handle() const noexcept { return handle_; }

 protected:
  explicit QueuedHandle(PyObject* handle) noexcept : handle_(handle) {}
  ~QueuedHandle() = default;

 private:
  PyObject* handle_;
};

// Lives at the end of a handle of ours.
class HandlePart final : public QueuedHandle {
 public:
  explicit HandlePart(PyObject* handle) noexcept : QueuedHandle(handle) {}

 private:
  void dispose() noexcept override { Py_DECREF(handle()); }
};

// One turn of a handle that is asyncio's own: a descriptor's, which runs each time it is ready.
class DescriptorTurn final : public QueuedHandle, public asyncio::detail::Pooled {
 public:
  explicit DescriptorTurn(PyObject* handle) noexcept : QueuedHandle(Py_NewRef(handle)) {}

 private:
  void dispose() noexcept override {
    PyObject* const last = handle();
    delete this;
    Py_DECREF(last);
  }
};

// Where asyncio.Handle keeps what we read and write: the offsets of its slots.
struct HandleSlots {
  Py_ssize_t context, loop, callback, args, cancelled, repr, source_traceback;
  Py_ssize_t scheduled, when;  // of a TimerHandle

  static PyObject*& at(PyObject* handle, Py_ssize_t offset) noexcept {
    return *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(handle) + offset);
  }
};

struct HandleTypes {
  PyTypeObject* plain;  // asyncio.Handle
  PyTypeObject* handle;
  PyTypeObject* timer;
  HandleSlots slots;
};

// Made with the module, once.
extern HandleTypes handle_types;

// Makes the types. False with a Python exception set.
bool make_handle_types(PyObject* module);

HandlePart& part_of(PyObject* handle) noexcept;

// A new handle, which nobody has scheduled. Takes over `args` (a tuple). `context`: null for a copy
// of the current one.
Owned make_handle(PyTypeObject* type, PyObject* callback, Owned args, PyObject* loop,
                  PyObject* context);

}  // namespace loopscope::python
