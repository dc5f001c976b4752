/** The recordings that the build published, of examples that cannot run in a page. */
import type { RunRequest } from '../protocol/runtime.js';
import { fetchFile } from './download.js';
import type { Manifest } from './manifest.js';
import { ReplayRuntime, type Recording } from './replay_runtime.js';

export interface RecordingsOptions {
  /** The folder of `wasm/manifest.json`, with a slash at the end; usually beside the page. */
  readonly base?: string;
}

/** Shows the recording of the example that `prebuilt` names. */
export function recordedExamples(options: RecordingsOptions = {}): ReplayRuntime {
  const base = options.base ?? new URL('wasm/', document.baseURI).href;
  return new ReplayRuntime((request) => load(base, request));
}

/** The browser's cache keeps both files. */
async function load(base: string, request: RunRequest): Promise<Recording> {
  const response = await fetchFile(new URL('manifest.json', base));
  const { recordings } = (await response.json()) as Manifest;
  const recording = recordings[request.prebuilt ?? '']?.[request.guest];
  if (recording === undefined) {
    throw new Error(`There is no recording of “${request.prebuilt ?? request.program}”.`);
  }
  const trace = await fetchFile(new URL(recording.file, base));
  return {
    bytes: new Uint8Array(await trace.arrayBuffer()),
    reason: `recorded natively; ${recording.needs} do not exist in this page`,
  };
}
