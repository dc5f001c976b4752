#include "runner/program.hpp"

#include <dlfcn.h>

#include <stdexcept>

namespace loopscope {

namespace {

// `int main()` has no parameters, and WebAssembly checks the type of every indirect call.
int (*main_without_arguments)() = nullptr;
int call_main_without_arguments(int, char**) { return main_without_arguments(); }

template <class F>
F find(void* module, const char* symbol) {
  return reinterpret_cast<F>(dlsym(module, symbol));
}

}  // namespace

Program load_program(const char* path) {
  // RTLD_GLOBAL would let a program replace the library's functions by its own of the same name.
  void* module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!module) throw std::runtime_error(dlerror());
  Program program;
  program.co_main = find<decltype(program.co_main)>(module, "_Z7co_mainiPPc");
  if (program.co_main) return program;
  // Clang's names for the two forms of main() on WebAssembly; `main` is what it exports for either
  // in some versions.
  program.main = find<decltype(program.main)>(module, "__main_argc_argv");
  if (program.main) return program;
  for (const char* name : {"__original_main", "main"}) {
    main_without_arguments = find<int (*)()>(module, name);
    if (!main_without_arguments) continue;
    program.main = call_main_without_arguments;
    return program;
  }
  throw std::runtime_error("the program defines neither main() nor co_main(int, char**)");
}

}  // namespace loopscope
