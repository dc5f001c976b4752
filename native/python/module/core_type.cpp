#include "module/core_type.hpp"

#include <vector>

#include "backends/registry.hpp"
#include "module/told.hpp"
#include "program/settings.hpp"

namespace loopscope::python {

using asyncio::guest::GuestLoop;

namespace {

// Other threads run meanwhile.
double wait_unlocked(Core& core, double seconds) {
  double result = 0;
  std::exception_ptr error;
  core.waits = true;
  Py_BEGIN_ALLOW_THREADS;
  try {
    result = core.guest.wait(seconds, core.ready);
  } catch (...) {
    error = std::current_exception();
  }
  Py_END_ALLOW_THREADS;
  core.waits = false;
  if (error) std::rethrow_exception(error);
  return result;
}

}  // namespace

double wait(Core& core, double seconds) {
  double result = 0;
  if (seconds == GuestLoop::kPoll && !core.guest.threads_take_turns()) {
    // A look takes less time than giving the lock away and back.
    result = core.guest.wait(0, core.ready);
  } else {
    result = wait_unlocked(core, seconds);
  }
  if (PyErr_CheckSignals() != 0) throw PythonError();
  return result;
}

Owned take_ready(Core& core) {
  Owned list(checked(PyList_New(0)));
  for (const asyncio::Ready& one : std::exchange(core.ready, {})) {
    const Owned pair(checked(Py_BuildValue("ii", one.fd, static_cast<int>(one.interest))));
    if (PyList_Append(list.get(), pair.get()) != 0) throw PythonError();
  }
  return list;
}

namespace {

Core& core_of(PyObject* self) noexcept { return *reinterpret_cast<CoreObject*>(self)->core; }

PyObject* make(PyTypeObject* type, PyObject*, PyObject*) {
  return guarded([&]() -> PyObject* {
    auto made = std::unique_ptr<Core>(new Core{
        .guest{asyncio::make_backend(asyncio::program::backend()), asyncio::program::recorder()}});
    PyObject* const self = checked(type->tp_alloc(type, 0));
    reinterpret_cast<CoreObject*>(self)->core = made.release();
    return self;
  });
}

// Whatever is scheduled lives by the core alone, and may hold the loop, which holds the core.
int traverse(PyObject* self, visitproc visit, void* arg) {
  int stopped = 0;
  if (reinterpret_cast<CoreObject*>(self)->core) {
    core_of(self).guest.each_scheduled([&](const asyncio::guest::GuestNode& node) {
      PyObject* const handle = static_cast<const QueuedHandle&>(node).handle();
      if (handle && stopped == 0) stopped = visit(handle, arg);
    });
  }
  if (stopped != 0) return stopped;
  Py_VISIT(Py_TYPE(self));
  return 0;
}
int clear(PyObject* self) {
  if (!reinterpret_cast<CoreObject*>(self)->core) return 0;
  core_of(self).numbered.clear();
  core_of(self).guest.close();
  return 0;
}

void destroy(PyObject* self) {
  PyTypeObject* const type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  delete reinterpret_cast<CoreObject*>(self)->core;
  type->tp_free(self);
  Py_DECREF(type);
}

PyObject* call_soon(PyObject* self, PyObject*) {
  return guarded([&] {
    Core& core = core_of(self);
    auto* const node = new NumberedNode;
    const asyncio::HandleId id = core.guest.call_soon(*node);
    core.numbered.emplace(id, node);
    return PyLong_FromUnsignedLongLong(id);
  });
}

PyObject* call_at(PyObject* self, PyObject* when) {
  return guarded([&] {
    const double seconds = PyFloat_AsDouble(when);
    if (PyErr_Occurred()) throw PythonError();
    Core& core = core_of(self);
    auto* const node = new NumberedNode;
    const asyncio::HandleId id = core.guest.call_at(*node, seconds);
    core.numbered.emplace(id, node);
    return PyLong_FromUnsignedLongLong(id);
  });
}

PyObject* cancel(PyObject* self, PyObject* handle) {
  return guarded([&] {
    Core& core = core_of(self);
    const auto found = core.numbered.find(PyLong_AsUnsignedLongLong(handle));
    if (PyErr_Occurred()) throw PythonError();
    if (found != core.numbered.end()) {
      // The queue still has it, and lets it go when it comes up.
      found->second->cancel();
      core.numbered.erase(found);
    }
    return none();
  });
}

PyObject* next(PyObject* self, PyObject*) {
  return guarded([&] {
    Core& core = core_of(self);
    const asyncio::guest::GuestNode* const node = core.guest.next();
    if (!node) return PyLong_FromLong(0);
    const asyncio::HandleId id = node->id;
    core.numbered.erase(id);
    node->release();
    return PyLong_FromUnsignedLongLong(id);
  });
}

PyObject* begin_turn(PyObject* self, PyObject* stopping) {
  return guarded([&] {
    return PyFloat_FromDouble(core_of(self).guest.begin_turn(PyObject_IsTrue(stopping) == 1));
  });
}

PyObject* wait_for(PyObject* self, PyObject* seconds) {
  return guarded([&] {
    const double given = PyFloat_AsDouble(seconds);
    if (PyErr_Occurred()) throw PythonError();
    return PyFloat_FromDouble(wait(core_of(self), given));
  });
}

PyObject* take_ready_list(PyObject* self, PyObject*) {
  return guarded([&] { return take_ready(core_of(self)).release(); });
}

PyObject* watch(PyObject* self, PyObject* args) {
  return guarded([&] {
    int fd = 0;
    int mask = 0;
    if (!PyArg_ParseTuple(args, "ii", &fd, &mask)) throw PythonError();
    core_of(self).guest.watch(fd, static_cast<asyncio::Interest>(mask));
    return none();
  });
}

PyObject* now(PyObject* self, PyObject*) { return PyFloat_FromDouble(core_of(self).guest.time()); }

PyObject* close(PyObject* self, PyObject*) {
  return guarded([&] {
    Core& core = core_of(self);
    core.numbered.clear();
    core.guest.close();
    return none();
  });
}

// What takes nothing and returns nothing.
template <void (GuestLoop::*method)()>
PyObject* simple(PyObject* self, PyObject*) {
  return guarded([&] {
    (core_of(self).guest.*method)();
    return none();
  });
}

PyObject* wake(PyObject* self, PyObject*) {
  core_of(self).guest.wake();
  return none();
}

PyObject* mute(PyObject* self, PyObject* on) {
  core_of(self).guest.mute(PyObject_IsTrue(on) == 1);
  return none();
}

PyMethodDef methods[] = {
    {"now", &now, METH_NOARGS, nullptr},
    {"call_soon", &call_soon, METH_NOARGS, nullptr},
    {"call_at", &call_at, METH_O, nullptr},
    {"cancel", &cancel, METH_O, nullptr},
    {"wake", &wake, METH_NOARGS, nullptr},
    {"begin_turn", &begin_turn, METH_O, nullptr},
    {"wait", &wait_for, METH_O, nullptr},
    {"take_ready", &take_ready_list, METH_NOARGS, nullptr},
    {"watch", &watch, METH_VARARGS, nullptr},
    {"collect", &simple<&GuestLoop::collect>, METH_NOARGS, nullptr},
    {"next", &next, METH_NOARGS, nullptr},
    {"loop_start", &simple<&GuestLoop::loop_start>, METH_NOARGS, nullptr},
    {"loop_stop", &simple<&GuestLoop::loop_stop>, METH_NOARGS, nullptr},
    {"close", &close, METH_NOARGS, nullptr},
    {"mute", &mute, METH_O, nullptr},
    LOOPSCOPE_TOLD_METHODS,
    {nullptr, nullptr, 0, nullptr},
};

PyObject* traced(PyObject* self, void*) { return PyBool_FromLong(core_of(self).guest.traced()); }
PyObject* is_virtual(PyObject* self, void*) {
  return PyBool_FromLong(core_of(self).guest.is_virtual());
}
PyObject* debug(PyObject*, void*) { return PyBool_FromLong(asyncio::program::debug()); }
PyObject* number(PyObject* self, void*) {
  return PyLong_FromUnsignedLong(core_of(self).guest.loop().id());
}
PyObject* backend(PyObject* self, void*) {
  const std::string_view name = core_of(self).guest.loop().backend_name();
  return PyUnicode_FromStringAndSize(name.data(), static_cast<Py_ssize_t>(name.size()));
}

PyGetSetDef attributes[] = {
    {"traced", &traced, nullptr, nullptr, nullptr},
    {"virtual", &is_virtual, nullptr, nullptr, nullptr},
    {"debug", &debug, nullptr, nullptr, nullptr},
    {"number", &number, nullptr, nullptr, nullptr},
    {"backend", &backend, nullptr, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(&make)},
    {Py_tp_traverse, reinterpret_cast<void*>(&traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(&clear)},
    {Py_tp_dealloc, reinterpret_cast<void*>(&destroy)},
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {0, nullptr},
};

}  // namespace

PyType_Spec core_spec{"_loopscope.Core", sizeof(CoreObject), 0,
                      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};

}  // namespace loopscope::python
