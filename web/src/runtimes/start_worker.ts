/**
 * Starts a module worker, also in a frame with `sandbox="allow-scripts"`. Such a frame has an origin of its own, to which
 * every address is another site's: its worker must be a `data:` address (Chromium takes no module worker from a `blob:`
 * there) that imports the script, which the server has to allow with `Access-Control-Allow-Origin: *`.
 */
export function startWorker(script: string, name: string): Worker {
  const address = new URL(script, location.href).href;
  if (self.origin !== 'null') return new Worker(address, { type: 'module', name });
  const text = `import ${JSON.stringify(address)};`;
  return new Worker(`data:text/javascript,${encodeURIComponent(text)}`, { type: 'module', name });
}
