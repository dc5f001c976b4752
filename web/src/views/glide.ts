/**
 * Things that move between places glide there: after each render every `[data-glide]` element that is somewhere else than
 * before starts from its old place. (First, last, invert, play.) Keys are unique within the container.
 */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** `duration` in ms; 0 for none, e.g. while thousands of events a second go by. */
export function useGlide(container: RefObject<HTMLElement | null>, duration: number): void {
  const before = useRef<Map<string, Place>>(new Map());
  useLayoutEffect(() => {
    const root = container.current;
    if (root === null) return;
    if (duration === 0) {
      before.current.clear();
      return;
    }
    const now = new Map<string, Place>();
    const origin = root.getBoundingClientRect();
    const moved: [HTMLElement, Place | undefined, Place][] = [];
    for (const element of root.querySelectorAll<HTMLElement>('[data-glide]')) {
      const key = element.dataset['glide'] ?? '';
      for (const animation of element.getAnimations()) animation.cancel();
      const rect = element.getBoundingClientRect();
      const place = { x: rect.left - origin.left, y: rect.top - origin.top };
      now.set(key, place);
      moved.push([element, before.current.get(key), place]);
    }
    const first = before.current.size === 0;
    before.current = now;
    if (first) return;
    const timing = { duration, easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)' };
    for (const [element, from, to] of moved) {
      if (from === undefined) {
        element.animate([{ opacity: 0, transform: 'scale(0.92)' }, {}], timing);
      } else if (Math.abs(from.x - to.x) > 1 || Math.abs(from.y - to.y) > 1) {
        const shift = `translate(${from.x - to.x}px, ${from.y - to.y}px)`;
        element.animate([{ transform: shift, zIndex: 3 }, { zIndex: 3 }], timing);
      }
    }
  });
}
