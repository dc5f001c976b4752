/** What the timeline shows and how large: everything that drawing, hit tests and labels share. */
import type { LoopLane, TaskLane } from '../../trace/spans.js';
import type { Timeline } from '../../trace/timeline.js';
import type { TraceStore } from '../../trace/store.js';
import type { Axis } from './axis.js';

export const rulerHeight = 26;

export type Lane =
  | { readonly kind: 'loop'; readonly lane: LoopLane }
  | { readonly kind: 'task'; readonly lane: TaskLane };

export interface ViewRange {
  readonly from: number;
  readonly to: number;
}

export interface Scene {
  readonly store: TraceStore;
  readonly timeline: Timeline;
  readonly lanes: readonly Lane[];
  readonly axis: Axis;
  readonly view: ViewRange;
  readonly width: number;
  readonly height: number;
  readonly laneHeight: number;
  readonly scrollTop: number;
  readonly selected: number | null;
}

/** Each loop's lane, then its tasks in order of creation. */
export function listLanes(timeline: Timeline): readonly Lane[] {
  const lanes: Lane[] = [];
  for (const loop of timeline.loops) {
    lanes.push({ kind: 'loop', lane: loop });
    for (const task of timeline.tasks) {
      if (task.loop === loop.loop) lanes.push({ kind: 'task', lane: task });
    }
  }
  return lanes;
}

export function toPixel(scene: Scene, x: number): number {
  return ((x - scene.view.from) / (scene.view.to - scene.view.from)) * scene.width;
}

export function fromPixel(scene: Scene, pixel: number): number {
  return scene.view.from + (pixel / scene.width) * (scene.view.to - scene.view.from);
}

export function laneTop(scene: Scene, index: number): number {
  return rulerHeight + index * scene.laneHeight - scene.scrollTop;
}

/** The lane at a height within the canvas; undefined on the ruler and below the last lane. */
export function laneAt(scene: Scene, y: number): Lane | undefined {
  if (y < rulerHeight) return undefined;
  return scene.lanes[Math.floor((y - rulerHeight + scene.scrollTop) / scene.laneHeight)];
}

/** The index of the first span that ends after `event`; spans follow each other. */
export function firstSpanAfter(
  spans: readonly { readonly from: number; readonly to: number | undefined }[],
  event: number,
): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = spans[middle];
    if (span?.to !== undefined && span.to < event) low = middle + 1;
    else high = middle;
  }
  return low;
}
