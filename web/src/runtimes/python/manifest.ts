/** What the build published for Python: the `python` part of `wasm/manifest.json`. */
import type { PublishedFile } from '../published_file.js';

export interface PythonManifest {
  /** Pyodide's version. */
  readonly version: string;
  /** pyodide.mjs: what starts the interpreter. */
  readonly loader: PublishedFile;
  /** The interpreter: script and module. */
  readonly script: PublishedFile;
  readonly module: PublishedFile;
  readonly stdlib: PublishedFile;
  /** The interpreter's memory once it is up, with asyncio and our package in it: starting from it takes a tenth of the time. */
  readonly snapshot: PublishedFile;
  /** The slim module: the loop itself. */
  readonly core: { readonly script: PublishedFile; readonly module: PublishedFile };
}
