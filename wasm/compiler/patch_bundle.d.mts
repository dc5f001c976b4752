export const CORE_MODULES: readonly string[];
export function patchBundle(source: string): string;
