/** Which runtime runs what. Loaded at the first run, so that the page costs nothing of it before. */
import type { Checker, Runtime } from '../protocol/runtime.js';
import type { CppRuntime, PythonRuntime, Recording, ReplayRuntime } from '../runtimes/index.js';
import type { Guest } from './session.js';

/** One for the whole page, or for as long as it is asked for. */
class Lazy<T> {
  /** The runtime, once it is loaded. */
  loaded: T | null = null;
  #loading: Promise<T> | null = null;
  readonly #make: () => Promise<T>;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  load(): Promise<T> {
    this.#loading ??= this.#make().then((made) => (this.loaded = made));
    return this.#loading;
  }

  /** What could not be loaded is tried again. */
  forget(): void {
    this.#loading = null;
  }
}

const runtimes = () => import('../runtimes/index.js');
const cpp = new Lazy<CppRuntime>(async () => new (await runtimes()).CppRuntime());
const python = new Lazy<PythonRuntime>(async () => new (await runtimes()).PythonRuntime());

const recordings = new Lazy<ReplayRuntime>(async () => (await runtimes()).recordedExamples());

/** `recording`: shows examples that cannot run in a page. */
export function loadRuntime(what: Guest | 'recording'): Promise<Runtime> {
  if (what === 'recording') return recordings.load();
  return what === 'cpp' ? cpp.load() : python.load();
}

/** Without a runtime; null where the build has recorded nothing. */
export async function loadRecording(example: string, guest: Guest): Promise<Recording | null> {
  return (await runtimes()).findRecording(example, guest);
}

export function loadedChecker(guest: Guest): Checker | null {
  return guest === 'cpp' ? cpp.loaded : python.loaded;
}

/**
 * Brings the runtime up ahead of the first run. C++ only: Python is many megabytes more, for those who run some. What goes
 * wrong here is told when a program is run.
 */
export async function warmRuntime(): Promise<void> {
  try {
    await (await cpp.load()).warm();
  } catch {
    cpp.forget();
  }
}
