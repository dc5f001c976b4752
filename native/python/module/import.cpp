// Makes the extension module of the library that has it.
#include "module/module.hpp"

// So that the linker takes it.
[[gnu::used]] static auto* const init = &PyInit__loopscope;
