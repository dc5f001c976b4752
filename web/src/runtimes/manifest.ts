/** What the build published for the page and the twin: `wasm/manifest.json`. */
import type { PythonManifest } from './python/manifest.js';
import type { PublishedFile } from './published_file.js';

export interface PublishedRecording extends PublishedFile {
  /** What the program needs and WebAssembly does not have, if anything: "threads". */
  readonly needs?: string;
}

export interface Manifest {
  readonly runner: { readonly script: PublishedFile; readonly module: PublishedFile };
  readonly compiler: {
    readonly bundle: PublishedFile;
    readonly modules: Readonly<Record<string, PublishedFile>>;
    readonly headers: PublishedFile;
    /** The library's and the usual standard headers, compiled; packed with gzip, as the headers are. */
    readonly precompiled: PublishedFile;
    /** Names this compiler with these headers and flags: what a precompiled header is kept under. */
    readonly key: string;
  };
  /** The examples; `source` is the hash of the source that was compiled. */
  readonly programs: Readonly<Record<string, PublishedFile & { readonly source: string }>>;
  /** By example and language, recorded under the virtual clock. */
  readonly recordings: Readonly<
    Record<string, Readonly<Partial<Record<'cpp' | 'python', PublishedRecording>>>>
  >;
  readonly python: PythonManifest;
}
