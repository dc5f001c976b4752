#include "module/handle_type.hpp"

#include <structmember.h>

#include <new>

namespace loopscope::python {

HandleTypes handle_types{};

namespace {

// Behind what the base class has.
Py_ssize_t part_offset(const PyTypeObject* type) noexcept {
  return type->tp_basicsize - static_cast<Py_ssize_t>(sizeof(HandlePart));
}

Py_ssize_t slot_offset(PyObject* type, const char* name) {
  const Owned member(checked(PyObject_GetAttrString(type, name)));
  if (!Py_IS_TYPE(member.get(), &PyMemberDescr_Type)) {
    PyErr_Format(PyExc_ImportError, "asyncio's handles have no slot %s", name);
    throw PythonError();
  }
  return reinterpret_cast<PyMemberDescrObject*>(member.get())->d_member->offset;
}

PyObject* cancel(PyObject* self, PyObject*) {
  const HandleSlots& slots = handle_types.slots;
  if (HandleSlots::at(self, slots.cancelled) == Py_True) return none();
  PyObject* const loop = HandleSlots::at(self, slots.loop);
  // asyncio's own keeps what it would have run as text, in debug mode.
  if (const Owned debug(PyObject_CallMethod(loop, "get_debug", nullptr)); !debug)
    return nullptr;
  else if (debug.get() == Py_True) {
    const Owned text(PyObject_Repr(self));
    if (!text) return nullptr;
    Py_XSETREF(HandleSlots::at(self, slots.repr), Py_NewRef(text.get()));
  }
  Py_SETREF(HandleSlots::at(self, slots.cancelled), Py_NewRef(Py_True));
  Py_XSETREF(HandleSlots::at(self, slots.callback), Py_NewRef(Py_None));
  Py_XSETREF(HandleSlots::at(self, slots.args), Py_NewRef(Py_None));
  part_of(self).cancel();
  return none();
}

PyMethodDef methods[] = {{"cancel", &cancel, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
PyType_Slot type_slots[] = {{Py_tp_methods, methods}, {0, nullptr}};

// asyncio's class `name` with a HandlePart at its end.
PyTypeObject* make_type(PyObject* events, const char* name, const char* full_name) {
  const Owned base(checked(PyObject_GetAttrString(events, name)));
  const auto base_size = reinterpret_cast<PyTypeObject*>(base.get())->tp_basicsize;
  PyType_Spec spec{full_name, static_cast<int>(base_size) + static_cast<int>(sizeof(HandlePart)), 0,
                   Py_TPFLAGS_DEFAULT, type_slots};
  const Owned bases(checked(PyTuple_Pack(1, base.get())));
  return reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpecWithBases(&spec, bases.get())));
}

}  // namespace

HandlePart& part_of(PyObject* handle) noexcept {
  return *std::launder(reinterpret_cast<HandlePart*>(reinterpret_cast<char*>(handle) +
                                                     part_offset(Py_TYPE(handle))));
}

bool make_handle_types(PyObject* module) {
  try {
    const Owned events(checked(PyImport_ImportModule("asyncio.events")));
    handle_types.plain =
        reinterpret_cast<PyTypeObject*>(checked(PyObject_GetAttrString(events.get(), "Handle")));
    handle_types.handle = make_type(events.get(), "Handle", "_loopscope.Handle");
    handle_types.timer = make_type(events.get(), "TimerHandle", "_loopscope.TimerHandle");
    auto* const handle = reinterpret_cast<PyObject*>(handle_types.handle);
    auto* const timer = reinterpret_cast<PyObject*>(handle_types.timer);
    handle_types.slots = {slot_offset(handle, "_context"),
                          slot_offset(handle, "_loop"),
                          slot_offset(handle, "_callback"),
                          slot_offset(handle, "_args"),
                          slot_offset(handle, "_cancelled"),
                          slot_offset(handle, "_repr"),
                          slot_offset(handle, "_source_traceback"),
                          slot_offset(timer, "_scheduled"),
                          slot_offset(timer, "_when")};
    return PyModule_AddObjectRef(module, "Handle", handle) == 0 &&
           PyModule_AddObjectRef(module, "TimerHandle", timer) == 0;
  } catch (const PythonError&) {
    return false;
  }
}

Owned make_handle(PyTypeObject* type, PyObject* callback, Owned args, PyObject* loop,
                  PyObject* context) {
  Owned here = context && context != Py_None ? Owned::also(context)
                                             : Owned(checked(PyContext_CopyCurrent()));
  Owned made(checked(PyType_GenericAlloc(type, 0)));
  PyObject* const self = made.get();
  new (reinterpret_cast<char*>(self) + part_offset(type)) HandlePart(self);
  const HandleSlots& slots = handle_types.slots;
  HandleSlots::at(self, slots.context) = here.release();
  HandleSlots::at(self, slots.loop) = Py_NewRef(loop);
  HandleSlots::at(self, slots.callback) = Py_NewRef(callback);
  HandleSlots::at(self, slots.args) = args.release();
  HandleSlots::at(self, slots.cancelled) = Py_NewRef(Py_False);
  HandleSlots::at(self, slots.repr) = Py_NewRef(Py_None);
  HandleSlots::at(self, slots.source_traceback) = Py_NewRef(Py_None);
  return made;
}

}  // namespace loopscope::python
