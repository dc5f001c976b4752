#include "module/crew_types.hpp"

#include <structmember.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>

#include "backends/bell.hpp"
#include "backends/process.hpp"
#include "backends/virtual_crew.hpp"
#include "backends/virtual_time.hpp"
#include "core/seconds.hpp"
#include "module/core_type.hpp"

namespace loopscope::python {

using asyncio::Bell;
using asyncio::Duration;
using asyncio::Instant;
using asyncio::VirtualCrew;
using asyncio::VirtualTime;
using asyncio::detail::CrewSeat;

namespace {

// Other threads run meanwhile. `wait` throws nothing.
template <class F>
void unlocked(F&& wait) {
  Py_BEGIN_ALLOW_THREADS;
  wait();
  Py_END_ALLOW_THREADS;
}

template <class F>
PyCFunction as_function(F* function) noexcept {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

// Some time passes, however little is asked for: who counts down what is left comes to an end.
Instant after(double seconds) {
  const Instant now = VirtualTime::of_process()->now();
  const Duration duration = std::max(asyncio::to_duration(seconds), Duration{1});
  return duration > Instant::max() - now ? Instant::max() : now + duration;
}

void free_object(PyObject* self) {
  PyTypeObject* const type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

// -- Seat ---------------------------------------------------------------------------------------------------------------

struct SeatObject {
  PyObject_HEAD CrewSeat* seat;
};

CrewSeat& seat_of(PyObject* self) noexcept { return *reinterpret_cast<SeatObject*>(self)->seat; }

PyObject* make_seat(PyTypeObject* type, PyObject*, PyObject*) {
  return guarded([&] {
    const auto& crew = VirtualCrew::of_process();
    if (!crew) throw std::runtime_error("threads take no turns here");
    Owned self(checked(type->tp_alloc(type, 0)));
    reinterpret_cast<SeatObject*>(self.get())->seat = crew->new_seat().release();
    return self.release();
  });
}

void destroy_seat(PyObject* self) {
  delete reinterpret_cast<SeatObject*>(self)->seat;
  free_object(self);
}

PyObject* assign(PyObject* self, PyObject*) {
  seat_of(self).assign();
  return none();
}

PyObject* begin(PyObject* self, PyObject*) {
  CrewSeat& seat = seat_of(self);
  unlocked([&] { seat.begin(); });
  return none();
}

PyObject* end(PyObject* self, PyObject*) {
  seat_of(self).end();
  return none();
}

PyMethodDef seat_methods[] = {
    {"assign", &assign, METH_NOARGS, nullptr},
    {"begin", &begin, METH_NOARGS, nullptr},
    {"end", &end, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot seat_slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(&make_seat)},
    {Py_tp_dealloc, reinterpret_cast<void*>(&destroy_seat)},
    {Py_tp_methods, seat_methods},
    {0, nullptr},
};

// -- Lock ---------------------------------------------------------------------------------------------------------------

constexpr double kTimeoutMax = 9223372036;  // threading.TIMEOUT_MAX, where clocks are CPython's

// One who waits. Which one is woken is decided under the interpreter's lock.
struct Waiter {
  std::atomic<bool> woken{false};
  std::unique_ptr<Bell> bell;  // of one who is not in the crew

  void wake() {
    woken = true;
    if (bell) bell->ring();
    if (const auto& crew = VirtualCrew::of_process()) crew->ring();
  }
};

struct LockObject {
  PyObject_HEAD bool locked;
  std::deque<std::shared_ptr<Waiter>>* waiting;
  PyObject* weak_references;
};

LockObject& lock_of(PyObject* self) noexcept { return *reinterpret_cast<LockObject*>(self); }

// Until `until`, and a little longer where that is real time; or until it is woken, or there is a
// signal. False when the time is over.
bool wait_for(Waiter& waiter, Instant until) {
  const bool for_ever = until == Instant::max();
  const auto& time = *VirtualTime::of_process();
  CrewSeat* const seat = CrewSeat::of_this_thread();
  VirtualCrew* const led = VirtualCrew::led_by_this_thread();
  if (seat) {
    VirtualCrew& crew = *VirtualCrew::of(*seat);
    unlocked([&] { crew.wait(*seat, until, waiter.woken); });
  } else if (led) {
    unlocked([&] { led->lead(until, waiter.woken); });
  } else {
    waiter.bell = std::make_unique<Bell>();
    const auto limit = for_ever ? std::nullopt : std::optional(until - time.now());
    auto heard = Bell::Heard::ring;
    if (!waiter.woken) unlocked([&] { heard = waiter.bell->wait(limit); });
    return heard != Bell::Heard::nothing;
  }
  return for_ever || time.now() < until;
}

void wake_first(LockObject& lock) {
  if (lock.waiting->empty()) return;
  const std::shared_ptr<Waiter> first = lock.waiting->front();
  lock.waiting->pop_front();
  first->wake();
}

bool take(LockObject& lock, Instant until) {
  bool waited = false;
  while (lock.locked) {
    const auto waiter = std::make_shared<Waiter>();
    // Somebody else may have taken it since this one was woken, who keeps its place.
    waited ? lock.waiting->push_front(waiter) : lock.waiting->push_back(waiter);
    const bool in_time = wait_for(*waiter, until);
    if (!waiter->woken) std::erase(*lock.waiting, waiter);
    if (PyErr_CheckSignals() != 0) {
      if (waiter->woken && !lock.locked) wake_first(lock);
      throw PythonError();
    }
    if (!in_time && lock.locked) return false;
    waited = waiter->woken;
  }
  lock.locked = true;
  return true;
}

// What acquire() is called with: until when it waits, or not at all.
struct Wish {
  bool blocking;
  double timeout;  // negative: for ever

  bool take_from(LockObject& lock) const {
    if (!blocking || timeout == 0) return !std::exchange(lock.locked, true);
    return take(lock, timeout < 0 ? Instant::max() : after(timeout));
  }
};

PyObject* make_lock(PyTypeObject* type, PyObject*, PyObject*) {
  return guarded([&] {
    auto waiting = std::make_unique<std::deque<std::shared_ptr<Waiter>>>();
    PyObject* const self = checked(type->tp_alloc(type, 0));
    lock_of(self).waiting = waiting.release();
    return self;
  });
}

void destroy_lock(PyObject* self) {
  if (lock_of(self).weak_references) PyObject_ClearWeakRefs(self);
  delete lock_of(self).waiting;
  free_object(self);
}

[[noreturn]] void refuse(PyObject* type, const char* text) {
  PyErr_SetString(type, text);
  throw PythonError();
}

Wish wish_of(PyObject* args, PyObject* names) {
  const char* words[] = {"blocking", "timeout", nullptr};
  int blocking = 1;
  double timeout = -1;
  if (!PyArg_ParseTupleAndKeywords(args, names, "|pd:acquire", const_cast<char**>(words), &blocking,
                                   &timeout))
    throw PythonError();
  if (!blocking && timeout != -1)
    refuse(PyExc_ValueError, "can't specify a timeout for a non-blocking call");
  if (timeout < 0 && timeout != -1)
    refuse(PyExc_ValueError, "timeout value must be a non-negative number");
  if (timeout > kTimeoutMax) refuse(PyExc_OverflowError, "timeout value is too large");
  return {blocking != 0, timeout};
}

PyObject* acquire(PyObject* self, PyObject* args, PyObject* names) {
  return guarded([&] { return PyBool_FromLong(wish_of(args, names).take_from(lock_of(self))); });
}

PyObject* enter(PyObject* self, PyObject*) {
  return guarded([&] { return PyBool_FromLong(take(lock_of(self), Instant::max())); });
}

PyObject* release(PyObject* self, PyObject*) {
  return guarded([&] {
    LockObject& lock = lock_of(self);
    if (!lock.locked) refuse(PyExc_RuntimeError, "release unlocked lock");
    lock.locked = false;
    wake_first(lock);
    return none();
  });
}

PyObject* leave(PyObject* self, PyObject* const*, Py_ssize_t) { return release(self, nullptr); }

PyObject* is_locked(PyObject* self, PyObject*) { return PyBool_FromLong(lock_of(self).locked); }

PyObject* at_fork_reinit(PyObject* self, PyObject*) {
  lock_of(self).locked = false;
  lock_of(self).waiting->clear();
  return none();
}

PyObject* text_of_lock(PyObject* self) {
  return PyUnicode_FromFormat("<%s %s object at %p>", lock_of(self).locked ? "locked" : "unlocked",
                              Py_TYPE(self)->tp_name, self);
}

PyMethodDef lock_methods[] = {
    {"acquire", as_function(&acquire), METH_VARARGS | METH_KEYWORDS, nullptr},
    {"release", &release, METH_NOARGS, nullptr},
    {"locked", &is_locked, METH_NOARGS, nullptr},
    {"__enter__", &enter, METH_NOARGS, nullptr},
    {"__exit__", as_function(&leave), METH_FASTCALL, nullptr},
    {"_at_fork_reinit", &at_fork_reinit, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyMemberDef lock_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(LockObject, weak_references), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

PyType_Slot lock_slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(&make_lock)},
    {Py_tp_dealloc, reinterpret_cast<void*>(&destroy_lock)},
    {Py_tp_repr, reinterpret_cast<void*>(&text_of_lock)},
    {Py_tp_methods, lock_methods},
    {Py_tp_members, lock_members},
    {0, nullptr},
};

// -- RLock --------------------------------------------------------------------------------------------------------------

struct RLockObject {
  LockObject lock;
  unsigned long owner;  // the thread, while it is locked
  unsigned long count;

  bool is_owned() const noexcept { return lock.locked && owner == PyThread_get_thread_ident(); }
};

RLockObject& rlock_of(PyObject* self) noexcept { return *reinterpret_cast<RLockObject*>(self); }

bool acquire_again(RLockObject& lock, const Wish& wish) {
  if (lock.is_owned()) {
    ++lock.count;
    return true;
  }
  if (!wish.take_from(lock.lock)) return false;
  lock.owner = PyThread_get_thread_ident();
  lock.count = 1;
  return true;
}

void check_owned(const RLockObject& lock) {
  if (!lock.is_owned()) refuse(PyExc_RuntimeError, "cannot release un-acquired lock");
}

void free_rlock(RLockObject& lock) {
  lock.count = 0;
  lock.lock.locked = false;
  wake_first(lock.lock);
}

PyObject* acquire_rlock(PyObject* self, PyObject* args, PyObject* names) {
  return guarded(
      [&] { return PyBool_FromLong(acquire_again(rlock_of(self), wish_of(args, names))); });
}

PyObject* enter_rlock(PyObject* self, PyObject*) {
  return guarded([&] { return PyBool_FromLong(acquire_again(rlock_of(self), {true, -1})); });
}

PyObject* release_rlock(PyObject* self, PyObject*) {
  return guarded([&] {
    RLockObject& lock = rlock_of(self);
    check_owned(lock);
    if (--lock.count == 0) free_rlock(lock);
    return none();
  });
}

PyObject* leave_rlock(PyObject* self, PyObject* const*, Py_ssize_t) {
  return release_rlock(self, nullptr);
}

PyObject* is_owned(PyObject* self, PyObject*) { return PyBool_FromLong(rlock_of(self).is_owned()); }

PyObject* recursion_count(PyObject* self, PyObject*) {
  return PyLong_FromUnsignedLong(rlock_of(self).is_owned() ? rlock_of(self).count : 0);
}

// For conditions, which let go of it however often it is held.
PyObject* release_save(PyObject* self, PyObject*) {
  return guarded([&] {
    RLockObject& lock = rlock_of(self);
    check_owned(lock);
    PyObject* const state = checked(Py_BuildValue("kk", lock.count, lock.owner));
    free_rlock(lock);
    return state;
  });
}

PyObject* acquire_restore(PyObject* self, PyObject* state) {
  return guarded([&] {
    unsigned long count = 0;
    unsigned long owner = 0;
    if (!PyArg_ParseTuple(state, "kk:_acquire_restore", &count, &owner)) throw PythonError();
    take(lock_of(self), Instant::max());
    rlock_of(self).owner = owner;
    rlock_of(self).count = count;
    return none();
  });
}

PyObject* reinit_rlock(PyObject* self, PyObject*) {
  rlock_of(self).count = 0;
  return at_fork_reinit(self, nullptr);
}

PyObject* text_of_rlock(PyObject* self) {
  const RLockObject& lock = rlock_of(self);
  return PyUnicode_FromFormat("<%s %s object owner=%lu count=%lu at %p>",
                              lock.lock.locked ? "locked" : "unlocked", Py_TYPE(self)->tp_name,
                              lock.lock.locked ? lock.owner : 0, lock.count, self);
}

PyMethodDef rlock_methods[] = {
    {"acquire", as_function(&acquire_rlock), METH_VARARGS | METH_KEYWORDS, nullptr},
    {"release", &release_rlock, METH_NOARGS, nullptr},
    {"locked", &is_locked, METH_NOARGS, nullptr},
    {"__enter__", &enter_rlock, METH_NOARGS, nullptr},
    {"__exit__", as_function(&leave_rlock), METH_FASTCALL, nullptr},
    {"_is_owned", &is_owned, METH_NOARGS, nullptr},
    {"_recursion_count", &recursion_count, METH_NOARGS, nullptr},
    {"_release_save", &release_save, METH_NOARGS, nullptr},
    {"_acquire_restore", &acquire_restore, METH_O, nullptr},
    {"_at_fork_reinit", &reinit_rlock, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot rlock_slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(&make_lock)},
    {Py_tp_dealloc, reinterpret_cast<void*>(&destroy_lock)},
    {Py_tp_repr, reinterpret_cast<void*>(&text_of_rlock)},
    {Py_tp_methods, rlock_methods},
    {Py_tp_members, lock_members},
    {0, nullptr},
};

}  // namespace

PyType_Spec seat_spec{"_loopscope.Seat", sizeof(SeatObject), 0, Py_TPFLAGS_DEFAULT, seat_slots};
// Named as those whose place they take: programs ask where a lock comes from.
PyType_Spec lock_spec{"_thread.lock", sizeof(LockObject), 0, Py_TPFLAGS_DEFAULT, lock_slots};
PyType_Spec rlock_spec{"_thread.RLock", sizeof(RLockObject), 0,
                       Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, rlock_slots};

PyObject* begin_crew(PyObject*, PyObject*) {
  return guarded([&] {
    VirtualCrew::begin_in_process();
    asyncio::expected_answers = 0;  // by a process that forked
    return none();
  });
}

PyObject* pass_time(PyObject*, PyObject* seconds) {
  return guarded([&] {
    const double given = PyFloat_AsDouble(seconds);
    if (PyErr_Occurred()) throw PythonError();
    VirtualTime& time = *VirtualTime::of_process();
    const Instant until = given > 0 ? after(given) : time.now();
    for (bool over = false; !over;) {
      unlocked([&] { over = time.sleep(until - time.now()); });
      if (PyErr_CheckSignals() != 0) throw PythonError();
    }
    return none();
  });
}

namespace {

PyObject* count(std::atomic<int>& what, PyObject* change) {
  return guarded([&] {
    const long given = PyLong_AsLong(change);
    if (PyErr_Occurred()) throw PythonError();
    what += static_cast<int>(given);
    return none();
  });
}

}  // namespace

PyObject* rest(PyObject*, PyObject* change) { return count(asyncio::resting_threads, change); }
PyObject* expect(PyObject*, PyObject* change) { return count(asyncio::expected_answers, change); }

}  // namespace loopscope::python
