/** Downloads several files and tells how far it is, by bytes. */

/** Calls for progress are at least this far apart. */
const REPORT_MS = 50;

export class Download {
  readonly #total: number;
  readonly #report: (progress: number, detail: string) => void;
  #done = 0;
  #reported = -Infinity;

  /** `total`: of all files, unpacked. */
  constructor(total: number, report: (progress: number, detail: string) => void) {
    this.#total = total;
    this.#report = report;
  }

  /** Compiled while it arrives. The response itself is handed over: the browser keeps compiled code for nothing else. */
  async module(url: URL): Promise<WebAssembly.Module> {
    const response = await fetchFile(url);
    const counted = this.#count(response.clone());
    const module = await WebAssembly.compileStreaming(response);
    await counted;
    return module;
  }

  async bytes(url: URL): Promise<Uint8Array<ArrayBuffer>> {
    const response = await fetchFile(url);
    const counted = this.#count(response.clone());
    const bytes = new Uint8Array(await response.arrayBuffer());
    await counted;
    return bytes;
  }

  async #count(response: Response): Promise<void> {
    const reader = response.body?.getReader();
    for (;;) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) return;
      this.#done += chunk.value.length;
      const now = performance.now();
      if (now - this.#reported < REPORT_MS && this.#done < this.#total) continue;
      this.#reported = now;
      const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
      this.#report(
        Math.min(1, this.#done / this.#total),
        `${megabytes(this.#done)} of ${megabytes(this.#total)} MB`,
      );
    }
  }
}

/** Throws an Error that names the address. */
export async function fetchFile(url: URL): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new Error(`${url.pathname} could not be loaded: the network does not answer`, {
      cause: error,
    });
  }
  if (!response.ok)
    throw new Error(`${url.pathname} could not be loaded: the server says ${response.status}`);
  return response;
}
