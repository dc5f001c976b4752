// `_loopscope.LoopBase`: the parts of the loop class that run for each callback, in C++.
//
// A base class of the Python class. What it defines does what CoreLoop (loopscope/loop.py) does in
// Python where loops are traced; everything else is inherited from there.
#pragma once

#include "module/python.hpp"

namespace loopscope::python {

extern PyType_Spec loop_base_spec;

}  // namespace loopscope::python
