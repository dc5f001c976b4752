/** Downloads what Python needs, once for the whole page. */
import { Download, fetchFile } from '../download.js';
import type { Manifest } from '../manifest.js';
import type { PythonManifest } from './manifest.js';
import type { PythonFiles } from './worker_messages.js';

export async function loadPythonFiles(
  base: string,
  report: (progress: number, detail: string) => void,
): Promise<PythonFiles> {
  const response = await fetchFile(new URL('manifest.json', base));
  const { python } = (await response.json()) as Manifest;
  const at = (file: string): URL => new URL(file, base);
  const download = new Download(sizeOf(python), report);
  const [module, snapshot, coreModule] = await Promise.all([
    download.module(at(python.module.file)),
    download.bytes(at(python.snapshot.file)),
    download.module(at(python.core.module.file)),
    // The workers load these themselves: from the browser's cache, if it keeps one.
    download.bytes(at(python.stdlib.file)),
    download.bytes(at(python.script.file)),
  ]);
  return {
    loader: at(python.loader.file).href,
    script: at(python.script.file).href,
    module,
    stdlib: at(python.stdlib.file).href,
    snapshot,
    coreScript: at(python.core.script.file).href,
    coreModule,
  };
}

function sizeOf({ module, snapshot, core, stdlib, script }: PythonManifest): number {
  return [module, snapshot, core.module, stdlib, script].reduce((sum, { size }) => sum + size, 0);
}
