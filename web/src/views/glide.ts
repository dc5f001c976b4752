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

/** `duration` in ms; 0 for none, e.g. after a jump, or while thousands of events a second go by. */
export function useGlide(container: RefObject<HTMLElement | null>, duration: number): void {
  const before = useRef<ReadonlyMap<string, Place> | null>(null);
  useLayoutEffect(() => {
    const root = container.current;
    if (root === null) return undefined;
    if (duration > 0 && before.current !== null) {
      before.current = glide(root, before.current, duration);
      return undefined;
    }
    // Looking at places costs a layout: only once things have come to rest.
    before.current = null;
    const timer = setTimeout(() => {
      before.current = new Map(places(root).map(({ key, place }) => [key, place]));
    }, 80);
    return () => {
      clearTimeout(timer);
    };
  });
}

function places(root: HTMLElement) {
  const origin = root.getBoundingClientRect();
  return [...root.querySelectorAll<HTMLElement>('[data-glide]')].map((element) => {
    const rect = element.getBoundingClientRect();
    const place: Place = {
      x: rect.left - origin.left + root.scrollLeft,
      y: rect.top - origin.top + root.scrollTop,
    };
    return { element, key: element.dataset['glide'] ?? '', place };
  });
}

function glide(
  root: HTMLElement,
  before: ReadonlyMap<string, Place>,
  duration: number,
): ReadonlyMap<string, Place> {
  const now = new Map<string, Place>();
  const timing = { duration, easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)' };
  for (const animation of root.getAnimations({ subtree: true })) {
    if (animation.id === 'glide') animation.cancel();
  }
  for (const { element, key, place } of places(root)) {
    now.set(key, place);
    const from = before.get(key);
    let frames: Keyframe[] | undefined;
    if (from === undefined) frames = [{ opacity: 0, transform: 'scale(0.92)' }, {}];
    else if (Math.abs(from.x - place.x) > 1 || Math.abs(from.y - place.y) > 1) {
      const shift = `translate(${from.x - place.x}px, ${from.y - place.y}px)`;
      frames = [{ transform: shift, zIndex: 3 }, { zIndex: 3 }];
    }
    if (frames !== undefined) element.animate(frames, timing).id = 'glide';
  }
  return now;
}
