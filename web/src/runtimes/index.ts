/** What runs programs for the page. */
export { CppRuntime, type CppRuntimeOptions } from './cpp_runtime.js';
export { PythonRuntime, type PythonRuntimeOptions } from './python_runtime.js';
export { findRecording, recordedExamples, type RecordingsOptions } from './recordings.js';
export { ReplayRuntime, type Recording } from './replay_runtime.js';
export { PAGE_LIMITS, type TraceLimits } from './limits.js';
