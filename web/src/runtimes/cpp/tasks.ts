/** Yielding to the host's event loop. */

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();
// Node would wait for the port for ever.
const port = channel.port1 as MessagePort & { ref?: () => void; unref?: () => void };
port.unref?.();

/** Resolves in a task of its own, as soon as possible: timers and messages get their turn. Never throttled to 4 ms. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    port.ref?.();
    waiting.push(() => {
      if (waiting.length === 0) port.unref?.();
      resolve();
    });
    channel.port2.postMessage(null);
  });
}
