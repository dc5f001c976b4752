/** The precompiled header between visits: in the browser's Cache API, by what it is made of. */
import type { PrecompiledStore } from './compiler.js';

const CACHE = 'loopscope-precompiled';

/** Where there is no cache (a sandboxed frame, a private window) the header is built at every visit. */
export function browserStore(key: string): PrecompiledStore {
  const address = new URL(`/loopscope-precompiled/${key}.pch`, globalThis.location.href).href;
  return {
    async load() {
      try {
        const cache = await caches.open(CACHE);
        const response = await cache.match(address);
        return response ? new Uint8Array(await response.arrayBuffer()) : null;
      } catch {
        return null;
      }
    },
    async save(bytes) {
      try {
        const cache = await caches.open(CACHE);
        // Of an older compiler or library: never asked for again.
        for (const request of await cache.keys()) await cache.delete(request);
        await cache.put(address, new Response(bytes.slice()));
      } catch {
        // Full, or forbidden: it costs the next visit some seconds.
      }
    },
  };
}
