/** The swimlanes: a canvas for the picture, HTML for the names; zoom and pan, click to seek, a sentence on hover. */
import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { narrate } from '../../trace/narrate.js';
import type { Timeline } from '../../trace/timeline.js';
import type { TraceStore } from '../../trace/store.js';
import type { ScopeState } from '../../trace/state.js';
import { formatDuration } from '../../trace/format.js';
import { formatClock, hueOf } from '../format.js';
import type { Intents } from '../intents.js';
import { StatusIcon } from '../status.js';
import { buildAxis, type Axis, type AxisKind } from './axis.js';
import { drawLanes } from './draw.js';
import { palette } from './palette.js';
import {
  firstSpanAfter,
  fromPixel,
  laneAt,
  listLanes,
  rulerHeight,
  toPixel,
  type Lane,
  type Scene,
  type ViewRange,
} from './scene.js';
import './timeline.css';

/** What the keyboard and the buttons ask of the timeline. */
export interface TimelineHandle {
  zoom(factor: number): void;
  pan(share: number): void;
  fit(): void;
}

interface Props {
  readonly store: TraceStore;
  readonly timeline: Timeline;
  /** How many events there are; grows while a program runs. */
  readonly length: number;
  readonly state: ScopeState;
  readonly position: number;
  /** `position`, `time` and the playhead at every beat. */
  readonly livePosition: ReadonlySignal<number>;
  readonly time: ReadonlySignal<number>;
  readonly playhead: ReadonlySignal<number>;
  readonly axisKind: AxisKind;
  readonly selected: number | null;
  readonly intents: Intents;
  readonly onReady: (handle: TimelineHandle) => void;
}

interface Hover {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly note: string;
}

function taskCount(lanes: readonly Lane[]): string {
  const count = lanes.filter((lane) => lane.kind === 'task').length;
  return count === 1 ? '1 task' : `${count} tasks`;
}

export function TimelineView(props: Props) {
  const { store, timeline, length, axisKind, selected } = props;
  const axis = useMemo(() => buildAxis(axisKind, store), [axisKind, store, length]);
  const lanes = useMemo(() => listLanes(timeline), [timeline, length]);
  const view = useView(axis, props);
  const port = usePort();
  // A little lower rather than one lane out of sight.
  const fitting = Math.floor((port.height - rulerHeight - 4) / lanes.length);
  const laneHeight = port.width < 560 ? 32 : Math.max(23, Math.min(27, fitting));
  const scene: Scene = {
    store,
    timeline,
    lanes,
    axis,
    view: view.range,
    width: Math.max(1, port.width),
    height: Math.max(1, port.height),
    laneHeight,
    scrollTop: port.scrollTop,
    selected,
  };
  const [hover, setHover] = useState<Hover | null>(null);
  const pointer = usePointer(scene, view, props, setHover);
  const first = Math.floor(port.scrollTop / laneHeight);
  const visible = lanes.slice(first, first + Math.ceil(port.height / laneHeight) + 1);
  return (
    <div
      class="timeline scroll"
      ref={port.scroller}
      role="group"
      aria-label={`Timeline of ${taskCount(lanes)}; the events tab says the same in words`}
      tabIndex={-1}
    >
      <div
        class="timeline-space"
        style={{ height: `${rulerHeight + lanes.length * laneHeight + 8}px` }}
      />
      <div class="timeline-port" style={{ height: `${port.height}px` }}>
        <ol
          class="lane-names"
          style={{ top: `${rulerHeight + first * laneHeight - port.scrollTop}px` }}
        >
          {visible.map((lane) => (
            <LaneName key={laneKey(lane)} {...props} lane={lane} height={laneHeight} />
          ))}
        </ol>
        <div class="timeline-canvas" ref={port.canvasHost} {...pointer}>
          <Picture
            scene={scene}
            livePosition={props.livePosition}
            time={props.time}
            playhead={props.playhead}
          />
        </div>
        <div class="lane-corner">{lanes.length > 0 && <span>{axisNames[axisKind]}</span>}</div>
        {hover !== null && <Tip hover={hover} width={port.width} />}
      </div>
    </div>
  );
}

const axisNames: Readonly<Record<AxisKind, string>> = {
  both: 'time and steps',
  time: 'time',
  steps: 'event number',
};

function laneKey(lane: Lane): string {
  return lane.kind === 'loop' ? `l${lane.lane.loop}` : `t${lane.lane.task}`;
}

function LaneName(
  props: Props & { readonly lane: Lane; readonly height: number; readonly state: ScopeState },
) {
  const { lane, height, state, selected, intents } = props;
  if (lane.kind === 'loop') {
    const loops = props.timeline.loops.length;
    return (
      <li class="lane-name loop-lane" style={{ height: `${height}px` }}>
        <span class="ellipsis">{loops > 1 ? `Loop ${lane.lane.loop}` : 'Loop'}</span>
        <span class="lane-coro">turns, callbacks</span>
      </li>
    );
  }
  const { lane: task } = lane;
  const now = state.tasks.get(task.task);
  const chosen = selected === task.task;
  return (
    <li
      class={`lane-name hue-${hueOf(task.task)}${now === undefined ? ' later' : ''}`}
      style={{ height: `${height}px` }}
    >
      <button
        type="button"
        aria-pressed={chosen}
        title={`${task.name}, ${task.coro}`}
        onClick={() => {
          intents.selectTask(chosen ? null : task.task);
        }}
      >
        {now === undefined ? <span class="status" /> : <StatusIcon status={now.status} />}
        <span class="lane-task ellipsis">{task.name}</span>
        <code class="lane-coro ellipsis">{task.coro}</code>
      </button>
    </li>
  );
}

function Tip(props: { readonly hover: Hover; readonly width: number }) {
  const { hover, width } = props;
  const left = hover.x > width / 2;
  return (
    <div
      class={`timeline-tip${left ? ' from-right' : ''}`}
      style={{ '--x': `${hover.x}px`, '--y': `${hover.y}px` }}
    >
      <p>{hover.text}</p>
      {hover.note !== '' && <p class="num muted">{hover.note}</p>}
    </div>
  );
}

/** The lanes on a canvas, painted when they change; over it the playhead, moved at every beat. */
function Picture(props: {
  readonly scene: Scene;
  readonly livePosition: ReadonlySignal<number>;
  readonly time: ReadonlySignal<number>;
  readonly playhead: ReadonlySignal<number>;
}) {
  const { scene } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = palette().value;
  const { store, timeline, lanes, axis, view, width, height, laneHeight, scrollTop, selected } =
    scene;
  useLayoutEffect(() => {
    const context = prepare(canvas.current, width, height);
    if (context !== null) drawLanes(context, scene, colours);
  }, [
    store,
    timeline,
    lanes,
    axis,
    view.from,
    view.to,
    width,
    height,
    laneHeight,
    scrollTop,
    selected,
    colours,
  ]);
  return (
    <>
      <canvas ref={canvas} aria-hidden="true" />
      <Playhead {...props} />
    </>
  );
}

/** The moment shown; what lies after it is veiled. */
function Playhead(props: {
  readonly scene: Scene;
  readonly livePosition: ReadonlySignal<number>;
  readonly time: ReadonlySignal<number>;
  readonly playhead: ReadonlySignal<number>;
}) {
  const { scene } = props;
  const position = props.livePosition.value;
  const time = props.time.value;
  const head = scene.axis.head(position, time, props.playhead.value);
  const x = Math.min(scene.width + 40, Math.max(-40, toPixel(scene, head)));
  const text = scene.axis.kind === 'steps' ? String(position) : formatClock(time);
  const room = Math.min(36, scene.width / 2);
  const shift = Math.min(scene.width - room, Math.max(room, x)) - x;
  return (
    <div class="playhead" aria-hidden="true" style={{ transform: `translateX(${x.toFixed(1)}px)` }}>
      <div class="playhead-veil" />
      <div class="playhead-line" />
      <div class="playhead-time num" style={{ '--shift': `${shift.toFixed(1)}px` }}>
        {text}
      </div>
    </div>
  );
}

function prepare(canvas: HTMLCanvasElement | null, width: number, height: number) {
  if (canvas === null) return null;
  const ratio = window.devicePixelRatio;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** Size and scroll position of the visible part. */
function usePort() {
  const scroller = useRef<HTMLDivElement>(null);
  const canvasHost = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 600, height: 200, scrollTop: 0 });
  useLayoutEffect(() => {
    const element = scroller.current;
    const host = canvasHost.current;
    if (element === null || host === null) return;
    const measure = () => {
      setSize((old) => {
        const now = {
          width: host.clientWidth,
          height: element.clientHeight,
          scrollTop: element.scrollTop,
        };
        const same =
          old.width === now.width && old.height === now.height && old.scrollTop === now.scrollTop;
        return same ? old : now;
      });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(host);
    element.addEventListener('scroll', measure, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  return { scroller, canvasHost, ...size };
}

interface View {
  readonly range: ViewRange;
  zoomAt(x: number, factor: number): void;
  panBy(distance: number): void;
}

/** The visible stretch of the axis. Null means all of it, also while it grows. */
function useView(axis: Axis, props: Props): View {
  const [chosen, setChosen] = useState<ViewRange | null>(null);
  const margin = axis.end * 0.02;
  const all = { from: -margin, to: axis.end + margin * 2 };
  const range = chosen ?? all;
  const head = axis.head(props.position, props.time.peek(), props.playhead.peek());
  useEffect(() => {
    setChosen(null);
  }, [props.axisKind, props.store]);
  useEffect(() => {
    // The playhead stays in sight.
    if (chosen === null) return;
    const size = chosen.to - chosen.from;
    if (head < chosen.from || head > chosen.to) {
      setChosen(keep({ from: head - size * 0.2, to: head + size * 0.8 }, axis));
    }
  }, [props.position]);
  const zoomAt = (x: number, factor: number) => {
    setChosen((old) => {
      const from = old ?? all;
      const size = from.to - from.from;
      const least = axis.kind === 'time' ? Math.max(1, axis.end / 1e6) : 4;
      const wanted = Math.max(least, size / factor);
      if (wanted >= all.to - all.from) return null;
      const part = (x - from.from) / size;
      return keep({ from: x - part * wanted, to: x + (1 - part) * wanted }, axis);
    });
  };
  const panBy = (distance: number) => {
    setChosen((old) =>
      old === null ? null : keep({ from: old.from + distance, to: old.to + distance }, axis),
    );
  };
  useEffect(() => {
    props.onReady({
      zoom: (factor) => {
        zoomAt(head >= range.from && head <= range.to ? head : (range.from + range.to) / 2, factor);
      },
      pan: (share) => {
        panBy((range.to - range.from) * share);
      },
      fit: () => {
        setChosen(null);
      },
    });
  });
  return { range, zoomAt, panBy };
}

function keep(range: ViewRange, axis: Axis): ViewRange {
  const size = range.to - range.from;
  const from = Math.min(
    Math.max(range.from, -size * 0.1),
    Math.max(-size * 0.1, axis.end - size * 0.9),
  );
  return { from, to: from + size };
}

/** Click seeks, drag pans (on the ruler it scrubs), the wheel zooms with Ctrl and pans sideways. */
function usePointer(
  scene: Scene,
  view: View,
  props: Props,
  setHover: (hover: Hover | null) => void,
) {
  const drag = useRef<{ x: number; ruler: boolean; moved: boolean } | null>(null);
  const place = (event: PointerEvent | WheelEvent) => {
    const target = event.currentTarget;
    const rect = target instanceof Element ? target.getBoundingClientRect() : new DOMRect();
    return { x: event.clientX - rect.left, y: event.clientY - rect.top };
  };
  const seek = (x: number) => {
    props.intents.seek(scene.axis.positionAt(fromPixel(scene, x)));
  };
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      const at = place(event);
      drag.current = { x: at.x, ruler: at.y < rulerHeight, moved: false };
      if (event.currentTarget instanceof Element) {
        event.currentTarget.setPointerCapture(event.pointerId);
      }
      if (drag.current.ruler) seek(at.x);
    },
    onPointerMove(event: PointerEvent) {
      const at = place(event);
      const held = drag.current;
      if (held === null) {
        setHover(hoverAt(scene, at.x, at.y));
        return;
      }
      if (Math.abs(at.x - held.x) > 3) held.moved = true;
      if (held.ruler) seek(at.x);
      else if (held.moved) {
        view.panBy(((held.x - at.x) / scene.width) * (scene.view.to - scene.view.from));
        held.x = at.x;
      }
      setHover(null);
    },
    onPointerUp(event: PointerEvent) {
      const held = drag.current;
      drag.current = null;
      if (held !== null && !held.moved && !held.ruler) seek(place(event).x);
    },
    onPointerLeave() {
      setHover(null);
    },
    onWheel(event: WheelEvent) {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        view.zoomAt(fromPixel(scene, place(event).x), Math.exp(-event.deltaY * 0.004));
      } else {
        const sideways = event.shiftKey ? event.deltaY : event.deltaX;
        if (sideways === 0) return;
        event.preventDefault();
        view.panBy((sideways / scene.width) * (scene.view.to - scene.view.from));
      }
    },
  };
}

/** What lies under the pointer, as a sentence. */
function hoverAt(scene: Scene, x: number, y: number): Hover | null {
  const lane = laneAt(scene, y);
  if (lane === undefined) return null;
  const position = scene.axis.positionAt(fromPixel(scene, x));
  const { spans } = lane.lane;
  const span = spans[firstSpanAfter(spans, position)] ?? spans.at(-1);
  const slack = 4;
  if (span === undefined) return null;
  const from = scene.axis.at(span.from);
  const to = scene.axis.at(span.to ?? scene.axis.length - 1);
  if (fromPixel(scene, x + slack) < from || fromPixel(scene, x - slack) > to) return null;
  const [start, end] = [
    scene.store.timeAt(span.from),
    scene.store.timeAt(span.to ?? scene.axis.length - 1),
  ];
  const note =
    end > start
      ? `${span.kind} for ${formatDuration(end - start, 3)}, from ${formatDuration(start, 4)}`
      : `${span.kind} at ${formatDuration(start, 4)}`;
  return { x, y, text: narrate(scene.store, span.from), note };
}
