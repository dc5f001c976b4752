import type { PrecompiledStore } from '../../web/src/runtimes/cpp/compiler.js';

export function diskStore(key: string): PrecompiledStore;
