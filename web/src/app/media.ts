/** What the window is like, as signals. */
import { signal, type ReadonlySignal } from '@preact/signals';

function media(query: string): ReadonlySignal<boolean> {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener('change', (event) => {
    matches.value = event.matches;
  });
  return matches;
}

/** One column, parts as tabs. */
export const narrow = media('(max-width: 799px)');
/** A frame too slim for code and loop side by side. */
export const slim = media('(max-width: 619px)');
/** Too slim for gallery, editor and loop side by side. */
export const medium = media('(max-width: 1099px)');
/** High enough for the loop with the details below it; elsewhere they lie beside the timeline. */
export const tall = media('(min-height: 860px)');
/** A finger: the plain editor serves better than Monaco. */
export const touch = media('(pointer: coarse)');
export const reducedMotion = media('(prefers-reduced-motion: reduce)');
