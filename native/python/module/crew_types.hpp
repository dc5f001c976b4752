// `_loopscope.Seat` and `_loopscope.Lock`: threads that take turns under the virtual clock. What
// Python makes of them stands in native/python/loopscope/crew.py.
#pragma once

#include "module/python.hpp"

namespace loopscope::python {

// Seat(): the place of one more thread, or job of a thread, in the process's crew.
//   assign()   a thread has the job, or is about to: it is its turn when the thread that leads the
//              crew waits
//   begin()    in that thread, before the job: waits for its turn
//   end()      after it
extern PyType_Spec seat_spec;

// Lock(): as `_thread.lock`; while a thread waits for it, others of the crew go on, and virtual
// time passes. Who waited first is woken first. In a thread that is not in the crew, real time
// passes.
extern PyType_Spec lock_spec;

// RLock(): as `_thread.RLock`, and else as Lock.
extern PyType_Spec rlock_spec;

// begin_crew(): this thread leads the process's crew, which is new. At the beginning, and in a
// process that forked.
PyObject* begin_crew(PyObject*, PyObject*);

// What time.sleep() does under the virtual clock: pass_time(seconds).
PyObject* pass_time(PyObject*, PyObject* seconds);

// rest(change): so many threads more have nothing to do until somebody in the crew gives them
// something.
PyObject* rest(PyObject*, PyObject* change);

// expect(change): so many answers more are to come from outside of the process, by no descriptor.
PyObject* expect(PyObject*, PyObject* change);

}  // namespace loopscope::python
