#include "module/loop_type.hpp"

#include <structmember.h>

#include "module/descriptors.hpp"
#include "module/loop_object.hpp"

namespace loopscope::python {

using asyncio::guest::GuestLoop;
using asyncio::guest::GuestNode;

namespace {

// -- Scheduling ---------------------------------------------------------------------------------------------------------

// The arguments of call_soon() and its like: some of their own, the callback, its arguments, and
// `context` by name.
struct Call {
  PyObject* const* words;
  Py_ssize_t count;
  PyObject* names;
  PyObject* context = nullptr;
  bool usual = true;  // else Python's own rules for calls say what is meant, or what is wrong

  Call(Py_ssize_t needed, PyObject* const* args, Py_ssize_t given, PyObject* its_names)
      : words(args), count(given), names(its_names) {
    usual = count >= needed;
    const Py_ssize_t named = names ? PyTuple_GET_SIZE(names) : 0;
    for (Py_ssize_t index = 0; index < named && usual; ++index) {
      usual = PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, index), "context") == 0;
      context = args[given + index];
    }
  }
  Owned rest(Py_ssize_t from) const {
    Owned tuple(checked(PyTuple_New(count - from)));
    for (Py_ssize_t index = from; index < count; ++index)
      PyTuple_SET_ITEM(tuple.get(), index - from, Py_NewRef(words[index]));
    return tuple;
  }
};

// What is out of the ordinary is the affair of the loop's Python method `name`.
PyObject* in_python(PyObject* self, const char* name, PyObject* const* args, Py_ssize_t count,
                    PyObject* names) {
  const Owned rare(checked(PyObject_GetAttrString(self, name)));
  return checked(PyObject_Vectorcall(rare.get(), args, static_cast<std::size_t>(count), names));
}
PyObject* in_python(PyObject* self, const char* name, const Call& call) {
  return in_python(self, name, call.words, call.count, call.names);
}

// The queue's reference to a handle.
void keep_for_queue(PyObject* handle) noexcept { Py_INCREF(handle); }

PyObject* schedule_soon(LoopObject& loop, Owned handle) {
  keep_for_queue(handle.get());
  loop.core->guest.call_soon(part_of(handle.get()));
  return handle.release();
}

// The checks of debug mode, and where the handle was made: in Python, which has the time.
void watch_scheduling(PyObject* self, PyObject* handle, const char* name) {
  const Owned result(PyObject_CallMethod(self, "_debug_scheduling", "Os", handle, name));
  if (!result) throw PythonError();
}

PyObject* call_soon(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  return guarded([&] {
    LoopObject& loop = loop_of(self);
    const Call call(1, args, count, names);
    if (!call.usual || loop.bent) [[unlikely]]
      return in_python(self, "_call_soon_in_python", call);
    check_open(loop);
    Owned handle =
        make_handle(handle_types.handle, call.words[0], call.rest(1), self, call.context);
    if (loop.debug) [[unlikely]]
      watch_scheduling(self, handle.get(), "call_soon");
    return schedule_soon(loop, std::move(handle));
  });
}

// From any thread. The loop is woken only where it waits, and once: what is there before it waits
// it sees by itself.
PyObject* call_soon_threadsafe(PyObject* self, PyObject* const* args, Py_ssize_t count,
                               PyObject* names) {
  return guarded([&] {
    LoopObject& loop = loop_of(self);
    const Call call(1, args, count, names);
    if (!call.usual || loop.bent) [[unlikely]]
      return in_python(self, "_call_soon_threadsafe_in_python", call);
    check_open(loop);
    Owned handle =
        make_handle(handle_types.handle, call.words[0], call.rest(1), self, call.context);
    if (loop.debug) [[unlikely]]
      watch_scheduling(self, handle.get(), "call_soon_threadsafe");
    PyObject* const scheduled = schedule_soon(loop, std::move(handle));
    if (std::exchange(loop.core->waits, false)) loop.core->guest.wake();
    return scheduled;
  });
}

// asyncio: BaseEventLoop._call_soon(callback, args, context)
PyObject* private_call_soon(PyObject* self, PyObject* const* args, Py_ssize_t count) {
  return guarded([&] {
    LoopObject& loop = loop_of(self);
    if (loop.bent) [[unlikely]]
      return in_python(self, "_private_call_soon_in_python", args, count, nullptr);
    if (count != 3 || !PyTuple_Check(args[1])) {
      PyErr_SetString(PyExc_TypeError, "_call_soon() takes a callback, a tuple and a context");
      throw PythonError();
    }
    check_open(loop);
    Owned handle = make_handle(handle_types.handle, args[0], Owned::also(args[1]), self, args[2]);
    if (loop.debug) [[unlikely]]
      watch_scheduling(self, handle.get(), "");
    return schedule_soon(loop, std::move(handle));
  });
}

PyObject* schedule_at(PyObject* self, const Call& call, Owned when, const char* name) {
  LoopObject& loop = loop_of(self);
  check_open(loop);
  const double seconds = PyFloat_AsDouble(when.get());
  if (PyErr_Occurred()) throw PythonError();
  Owned timer = make_handle(handle_types.timer, call.words[1], call.rest(2), self, call.context);
  HandleSlots::at(timer.get(), handle_types.slots.when) = when.release();
  HandleSlots::at(timer.get(), handle_types.slots.scheduled) = Py_NewRef(Py_True);
  if (loop.debug) [[unlikely]]
    watch_scheduling(self, timer.get(), name);
  keep_for_queue(timer.get());
  loop.core->guest.call_at(part_of(timer.get()), seconds);
  return timer.release();
}

PyObject* call_at(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  return guarded([&] {
    const Call call(2, args, count, names);
    if (!call.usual || loop_of(self).bent) [[unlikely]]
      return in_python(self, "_call_at_in_python", call);
    if (call.words[0] == Py_None) {
      PyErr_SetString(PyExc_TypeError, "when cannot be None");
      throw PythonError();
    }
    return schedule_at(self, call, Owned::also(call.words[0]), "call_at");
  });
}

double now_of(const LoopObject& loop) {
  if (!loop.core) throw std::runtime_error("the loop has no core");
  return loop.core->guest.time();
}

PyObject* call_later(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  return guarded([&] {
    const Call call(2, args, count, names);
    const LoopObject& loop = loop_of(self);
    // Other types than numbers have rules of their own for what is added to them.
    if (!call.usual || loop.bent || loop.indirect ||
        (!PyFloat_CheckExact(call.words[0]) && !PyLong_CheckExact(call.words[0]))) [[unlikely]]
      return in_python(self, "_call_later_in_python", call);
    const double delay = PyFloat_AsDouble(call.words[0]);
    if (PyErr_Occurred()) throw PythonError();
    Owned when(checked(PyFloat_FromDouble(now_of(loop) + delay)));
    return schedule_at(self, call, std::move(when), "call_later");
  });
}

// -- Tasks and futures --------------------------------------------------------------------------------------------------

// The modules that have asyncio's classes, where a program may put others, and names.
struct Asyncio {
  Owned futures, tasks, future, task, loop_names;

  Asyncio() {
    futures = Owned(checked(PyImport_ImportModule("asyncio.futures")));
    tasks = Owned(checked(PyImport_ImportModule("asyncio.tasks")));
    future = Owned(checked(PyUnicode_InternFromString("Future")));
    task = Owned(checked(PyUnicode_InternFromString("Task")));
    loop_names = Owned(checked(Py_BuildValue("(s)", "loop")));
  }
  static const Asyncio& get() {
    static const Asyncio& it = *new Asyncio;  // lives as long as the interpreter
    return it;
  }
};

// asyncio: BaseEventLoop.create_future
PyObject* create_future(PyObject* self, PyObject*) {
  return guarded([&] {
    const Asyncio& of = Asyncio::get();
    const Owned type(checked(PyObject_GetAttr(of.futures.get(), of.future.get())));
    PyObject* words[] = {self};
    return checked(PyObject_Vectorcall(type.get(), words, 0, of.loop_names.get()));
  });
}

// asyncio: BaseEventLoop.create_task, where there is no task factory and nobody debugs; what else
// there is, `name` and `context`, is the Task's own affair.
PyObject* create_task(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  return guarded([&] {
    const LoopObject& loop = loop_of(self);
    if (loop.debug || loop.task_factory || count != 1 || (names && PyTuple_GET_SIZE(names) > 0))
      return in_python(self, "_create_task_in_python", args, count, names);
    check_open(loop);
    const Asyncio& of = Asyncio::get();
    const Owned type(checked(PyObject_GetAttr(of.tasks.get(), of.task.get())));
    PyObject* words[] = {args[0], self};
    return checked(PyObject_Vectorcall(type.get(), words, 1, of.loop_names.get()));
  });
}

PyObject* get_task_factory(PyObject* self, void*) {
  PyObject* const factory = loop_of(self).task_factory;
  return Py_NewRef(factory ? factory : Py_None);
}
int set_task_factory(PyObject* self, PyObject* value, void*) {
  Py_XSETREF(loop_of(self).task_factory, value == Py_None ? nullptr : Py_XNewRef(value));
  return 0;
}

PyObject* time(PyObject* self, PyObject*) {
  return guarded([&] { return PyFloat_FromDouble(now_of(loop_of(self))); });
}

PyObject* timer_handle_cancelled(PyObject* self, PyObject* handle) {
  if (loop_of(self).bent)
    return PyObject_CallMethod(self, "_timer_handle_cancelled_in_python", "O", handle);
  if (Py_IS_TYPE(handle, handle_types.timer)) part_of(handle).cancel();
  return none();
}

// -- Running ------------------------------------------------------------------------------------------------------------

// Calls what the handle has, in its context. Null with the exception set.
Owned call_within_context(PyObject* handle) {
  const HandleSlots& slots = handle_types.slots;
  // Held here, for the callback may cancel its own handle.
  const Owned callback = Owned::also(HandleSlots::at(handle, slots.callback));
  const Owned args = Owned::also(HandleSlots::at(handle, slots.args));
  const Owned context = Owned::also(HandleSlots::at(handle, slots.context));
  if (PyContext_Enter(context.get()) != 0) return Owned();
  PyObject* const* words = &PyTuple_GET_ITEM(args.get(), 0);
  Owned result(PyObject_Vectorcall(
      callback.get(), words, static_cast<std::size_t>(PyTuple_GET_SIZE(args.get())), nullptr));
  if (PyContext_Exit(context.get()) != 0) return Owned();
  return result;
}

// SystemExit and KeyboardInterrupt end the run, everything else is reported. asyncio: Handle._run
void deal_with_exception(PyObject* self, PyObject* handle) {
  if (PyErr_ExceptionMatches(PyExc_SystemExit) || PyErr_ExceptionMatches(PyExc_KeyboardInterrupt))
    throw PythonError();
  const Owned error = take_exception();
  const Owned result(PyObject_CallMethod(self, "_report", "OO", handle, error.get()));
  if (!result) throw PythonError();
}

void run_handle(PyObject* self, const QueuedHandle& queued) {
  PyObject* const handle = queued.handle();
  if (queued.timer) {
    PyObject*& scheduled = HandleSlots::at(handle, handle_types.slots.scheduled);
    Py_SETREF(scheduled, Py_NewRef(Py_False));
  }
  if (loop_of(self).debug) [[unlikely]] {
    call_method(self, "_run_watched", handle);
  } else if (const Owned result = call_within_context(handle); !result) {
    deal_with_exception(self, handle);
  }
}

void turn(PyObject* self, LoopObject& loop) {
  check_open(loop);
  GuestLoop& guest = loop.core->guest;
  if (const double seconds = guest.begin_turn(loop.stopping); seconds != 0) {
    if (wait(*loop.core, seconds) == GuestLoop::kDeadlock) call_method(self, "_deadlock", nullptr);
    schedule_ready_descriptors(self, loop);
    guest.collect();
  } else if (PyErr_CheckSignals() != 0) {
    throw PythonError();
  }
  while (GuestNode* const node = guest.next()) {
    const auto& queued = static_cast<const QueuedHandle&>(*node);
    const struct Release {
      GuestNode* node;
      ~Release() { node->release(); }
    } release{node};
    if (!is_cancelled(queued.handle())) run_handle(self, queued);
  }
}

// One turn; within run_forever() all of them until the loop is stopped, which saves Python's own
// loop around this.
PyObject* run_once(PyObject* self, PyObject*) {
  return guarded([&] {
    LoopObject& loop = loop_of(self);
    if (loop.bent) return checked(PyObject_CallMethod(self, "_run_once_in_python", nullptr));
    const bool outermost = !std::exchange(loop.in_turn, true);
    const struct Leave {
      LoopObject& loop;
      bool outermost;
      ~Leave() { loop.in_turn = !outermost; }
    } leave{loop, outermost};
    do {
      turn(self, loop);
    } while (outermost && loop.in_run && !loop.stopping && !loop.bent);
    return none();
  });
}

// -- Attributes ---------------------------------------------------------------------------------------------------------

PyObject* use_core(PyObject* self, PyObject* core) {
  LoopObject& loop = loop_of(self);
  Py_XSETREF(loop.core_object, Py_NewRef(core));
  loop.core = reinterpret_cast<CoreObject*>(core)->core;
  return none();
}

// Gives away all that is scheduled: (what is ready, in its order; timers by their deadlines).
PyObject* hand_over(PyObject* self, PyObject*) {
  return guarded([&] {
    GuestLoop& guest = loop_of(self).core->guest;
    const Owned ready(checked(PyList_New(0)));
    const Owned timers(checked(PyList_New(0)));
    while (GuestNode* const node = guest.take()) {
      const auto& queued = static_cast<const QueuedHandle&>(*node);
      const bool waits =
          queued.timer && HandleSlots::at(queued.handle(), handle_types.slots.scheduled) == Py_True;
      const int failed = PyList_Append((waits ? timers : ready).get(), queued.handle());
      node->release();
      if (failed != 0) throw PythonError();
    }
    return checked(PyTuple_Pack(2, ready.get(), timers.get()));
  });
}

// From now on who watches which descriptor is looked up in the selector's dictionary, directly.
PyObject* dispatch_by(PyObject* self, PyObject* watched) {
  Py_XSETREF(loop_of(self).watched, Py_NewRef(watched));
  return none();
}

template <bool LoopObject::* flag>
PyObject* get_flag(PyObject* self, void*) {
  return PyBool_FromLong(loop_of(self).*flag);
}
template <bool LoopObject::* flag>
int set_flag(PyObject* self, PyObject* value, void*) {
  const int truth = value ? PyObject_IsTrue(value) : 0;
  if (truth < 0) return -1;
  loop_of(self).*flag = truth == 1;
  return 0;
}
template <bool LoopObject::* flag>
constexpr PyGetSetDef flag_named(const char* name) {
  return {name, &get_flag<flag>, &set_flag<flag>, nullptr, nullptr};
}

PyObject* get_debug(PyObject* self, PyObject*) { return PyBool_FromLong(loop_of(self).debug); }

template <class F>
PyCFunction as_function(F* function) noexcept {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

#if PY_VERSION_HEX >= 0x030E0000
#define LOOPSCOPE_CREATE_TASK "create_task($self, coro, **kwargs)\n--\n\n"
#else
#define LOOPSCOPE_CREATE_TASK "create_task($self, coro, *, name=None, context=None)\n--\n\n"
#endif

// The first lines are the signatures, as inspect reads them.
PyMethodDef methods[] = {
    {"call_soon", as_function(&call_soon), METH_FASTCALL | METH_KEYWORDS,
     "call_soon($self, callback, *args, context=None)\n--\n\n"},
    {"call_soon_threadsafe", as_function(&call_soon_threadsafe), METH_FASTCALL | METH_KEYWORDS,
     "call_soon_threadsafe($self, callback, *args, context=None)\n--\n\n"},
    {"call_later", as_function(&call_later), METH_FASTCALL | METH_KEYWORDS,
     "call_later($self, delay, callback, *args, context=None)\n--\n\n"},
    {"call_at", as_function(&call_at), METH_FASTCALL | METH_KEYWORDS,
     "call_at($self, when, callback, *args, context=None)\n--\n\n"},
    {"create_future", &create_future, METH_NOARGS, "create_future($self)\n--\n\n"},
    {"create_task", as_function(&create_task), METH_FASTCALL | METH_KEYWORDS,
     LOOPSCOPE_CREATE_TASK},
    {"_call_soon", as_function(&private_call_soon), METH_FASTCALL, nullptr},
    {"_add_callback", &add_callback, METH_O, nullptr},
    {"_add_reader", as_function(&add_reader), METH_FASTCALL, nullptr},
    {"_add_writer", as_function(&add_writer), METH_FASTCALL, nullptr},
    {"_remove_reader", &remove_reader, METH_O, nullptr},
    {"_remove_writer", &remove_writer, METH_O, nullptr},
    {"_timer_handle_cancelled", &timer_handle_cancelled, METH_O, nullptr},
    {"time", &time, METH_NOARGS, "time($self)\n--\n\n"},
    {"get_debug", &get_debug, METH_NOARGS, "get_debug($self)\n--\n\n"},
    {"_run_once", &run_once, METH_NOARGS, nullptr},
    {"_use_core", &use_core, METH_O, nullptr},
    {"_dispatch_by", &dispatch_by, METH_O, nullptr},
    {"_hand_over", &hand_over, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyGetSetDef attributes[] = {
    {"_task_factory", &get_task_factory, &set_task_factory, nullptr, nullptr},
    flag_named<&LoopObject::stopping>("_stopping"),
    flag_named<&LoopObject::closed>("_closed"),
    flag_named<&LoopObject::debug>("_debug"),
    flag_named<&LoopObject::in_run>("_in_run"),
    flag_named<&LoopObject::bent>("_bent"),
    flag_named<&LoopObject::indirect>("_indirect"),
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(loop_of(self).core_object);
  Py_VISIT(loop_of(self).watched);
  Py_VISIT(loop_of(self).task_factory);
  Py_VISIT(Py_TYPE(self));
  return 0;
}
int clear(PyObject* self) {
  Py_CLEAR(loop_of(self).core_object);
  Py_CLEAR(loop_of(self).watched);
  Py_CLEAR(loop_of(self).task_factory);
  loop_of(self).core = nullptr;
  return 0;
}
void destroy(PyObject* self) {
  PyTypeObject* const type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  clear(self);
  type->tp_free(self);
  Py_DECREF(type);
}

PyType_Slot slots[] = {
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {Py_tp_traverse, reinterpret_cast<void*>(&traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(&clear)},
    {Py_tp_dealloc, reinterpret_cast<void*>(&destroy)},
    {0, nullptr},
};

}  // namespace

PyType_Spec loop_base_spec{"_loopscope.LoopBase", sizeof(LoopObject), 0,
                           Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, slots};

}  // namespace loopscope::python
