// `_loopscope.Handle` and `_loopscope.TimerHandle`: asyncio's, with a place in our queues.
//
// They derive from asyncio.Handle, and keep what it has in its own slots: what Python code reads
// and writes there is what runs.
#pragma once

#include "guest/guest_loop.hpp"
#include "module/python.hpp"

namespace loopscope::python {

// Lives at the end of a handle. The queues' references to it are together one to the handle.
class HandlePart final : public asyncio::guest::GuestNode {
 public:
  explicit HandlePart(PyObject* handle) noexcept : handle_(handle) {}
  PyObject* handle() const noexcept { return handle_; }

  // It stands for another handle, of asyncio's own classes.
  bool stands_in = false;

 private:
  void dispose() noexcept override { Py_DECREF(handle_); }
  PyObject* handle_;
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
