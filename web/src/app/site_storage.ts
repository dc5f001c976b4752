/** What this site may keep in the browser; null where it may keep nothing (a sandboxed frame, blocked cookies). */
export function siteStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
