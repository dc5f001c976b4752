// Runs inside the module that Emscripten makes: what is known only there.

// Whether a side module can import `name`: JavaScript's functions, and what the module exports.
Module['hasSymbol'] = (name) => name in wasmImports || name in wasmExports;

// What is written to standard output and standard error goes straight to the recorder, in the blocks in which it comes.
TTY.stream_ops.write = (stream, buffer, offset, length) => {
  _loopscope_output(stream.fd, buffer.byteOffset + offset, length);
  return length;
};

// EXPORTED_FUNCTIONS has no effect on a main module.
Module['_malloc'] = _malloc;
Module['_free'] = _free;

// The stack lies below the data (GLOBAL_BASE), so that running over its end is a fault and not a corruption. Emscripten
// would put it above the data, where it eats them.
___stack_pointer.value = ___memory_base.value;
Module['stack'] = {
  left: () => ___stack_pointer.value,
  reset: () => {
    ___stack_pointer.value = ___memory_base.value;
  },
};

// Emscripten makes one such function for each number of catch clauses that it has seen in the main module; a program may
// have a function with more.
for (let clauses = 0; clauses <= 64; ++clauses) {
  wasmImports[`__cxa_find_matching_catch_${clauses + 2}`] ??= (...types) =>
    findMatchingCatch(types);
}
