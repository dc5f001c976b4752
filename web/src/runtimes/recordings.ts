/** The recordings that the build published: shown before a run, and instead of one where a page cannot run the example. */
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
  return new ReplayRuntime(async ({ prebuilt, program, guest }) => {
    const recording = await findRecording(prebuilt ?? '', guest, options);
    if (recording === null) throw new Error(`There is no recording of “${prebuilt ?? program}”.`);
    return recording;
  });
}

/** Null where there is none. */
export async function findRecording(
  example: string,
  guest: RunRequest['guest'],
  options: RecordingsOptions = {},
): Promise<Recording | null> {
  const base = baseOf(options);
  // The browser's cache keeps both files.
  const response = await fetchFile(new URL('manifest.json', base));
  const { recordings } = (await response.json()) as Manifest;
  const recording = recordings[example]?.[guest];
  if (recording === undefined) return null;
  const trace = await fetchFile(new URL(recording.file, base));
  const { needs } = recording;
  return {
    bytes: new Uint8Array(await trace.arrayBuffer()),
    reason:
      needs === undefined
        ? 'a recording; Run runs it here'
        : `recorded natively; ${needs} do not exist in this page`,
  };
}

function baseOf({ base }: RecordingsOptions): string {
  return base ?? new URL('wasm/', document.baseURI).href;
}
