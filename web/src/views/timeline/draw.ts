/** Paints the swimlanes. Running is solid, ready hatched, waiting pale with its reason written in it; ends have shapes. */
import { isResourceAwait, isSleep, isTaskAwait } from '../../protocol/events.js';
import { formatDuration } from '../../trace/format.js';
import { resourceText } from '../../trace/names.js';
import type { LoopLane, TaskLane, TaskSpan, WakeArrow } from '../../trace/spans.js';
import { hueOf } from '../format.js';
import { axisTicks } from './axis.js';
import type { Palette } from './palette.js';
import { firstSpanAfter, laneTop, rulerHeight, toPixel, type Scene } from './scene.js';

type Context = CanvasRenderingContext2D;

/** More arrows than this in sight are a smear: then only those of the selected task are drawn. */
const arrowsAtMost = 160;
const bar = 16;
/** A step is seen however short it is. */
const thinnestStep = 3;

interface Window {
  readonly first: number;
  readonly last: number;
}

export function drawLanes(context: Context, scene: Scene, colours: Palette): void {
  const { width, height } = scene;
  context.clearRect(0, 0, width, height);
  context.font = `500 11px ${colours.sans}`;
  context.textBaseline = 'middle';
  const ticks = axisTicks(scene.axis, scene.store, scene.view, width, 84, formatDuration);
  drawGrid(context, scene, colours, ticks);
  const window = {
    first: Math.max(0, scene.axis.positionAt(scene.view.from) - 2),
    last: scene.axis.positionAt(scene.view.to) + 1,
  };
  const from = Math.max(0, Math.floor(scene.scrollTop / scene.laneHeight));
  const to = Math.min(
    scene.lanes.length,
    Math.ceil((scene.scrollTop + height - rulerHeight) / scene.laneHeight),
  );
  context.save();
  context.beginPath();
  context.rect(0, rulerHeight, width, height - rulerHeight);
  context.clip();
  for (let index = from; index < to; index++) {
    const lane = scene.lanes[index];
    if (lane === undefined) continue;
    const middle = laneTop(scene, index) + scene.laneHeight / 2;
    if (lane.kind === 'loop') drawLoop(context, scene, colours, lane.lane, middle, window);
    else {
      const dim = scene.selected !== null && scene.selected !== lane.lane.task;
      context.globalAlpha = dim ? 0.3 : 1;
      drawTask(context, scene, colours, lane.lane, middle, window);
      context.globalAlpha = 1;
    }
  }
  drawArrows(context, scene, colours, window);
  context.restore();
  drawRuler(context, scene, colours, ticks);
}

function drawGrid(
  context: Context,
  scene: Scene,
  colours: Palette,
  ticks: readonly { readonly x: number }[],
): void {
  context.fillStyle = colours.line;
  for (const tick of ticks) {
    context.fillRect(Math.round(toPixel(scene, tick.x)), rulerHeight, 1, scene.height);
  }
  for (let index = 0; index < scene.lanes.length; index++) {
    const bottom = laneTop(scene, index + 1);
    if (bottom > scene.height) break;
    if (bottom > rulerHeight) context.fillRect(0, Math.round(bottom) - 1, scene.width, 1);
  }
}

function drawRuler(
  context: Context,
  scene: Scene,
  colours: Palette,
  ticks: readonly { readonly x: number; readonly label: string }[],
): void {
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, scene.width, rulerHeight);
  context.fillStyle = colours.line;
  context.fillRect(0, rulerHeight - 1, scene.width, 1);
  for (const tick of ticks) {
    const x = Math.round(toPixel(scene, tick.x));
    context.fillStyle = colours.lineStrong;
    context.fillRect(x, rulerHeight - 6, 1, 5);
    context.fillStyle = colours.ink2;
    context.fillText(tick.label, x + 4, rulerHeight / 2 - 1);
  }
}

function drawLoop(
  context: Context,
  scene: Scene,
  colours: Palette,
  lane: LoopLane,
  middle: number,
  window: Window,
): void {
  let lastTurn = -Infinity;
  context.fillStyle = colours.lineStrong;
  for (const turn of lane.turns) {
    if (turn < window.first) continue;
    if (turn > window.last) break;
    const x = toPixel(scene, scene.axis.at(turn));
    if (x - lastTurn < 3) continue;
    context.fillRect(Math.round(x), middle - 11, 1, 22);
    lastTurn = x;
  }
  for (let at = firstSpanAfter(lane.spans, window.first); at < lane.spans.length; at++) {
    const span = lane.spans[at];
    if (span === undefined || span.from > window.last) break;
    const [x, w] = extent(scene, span);
    if (span.kind === 'polling') {
      context.fillStyle = colours.lineStrong;
      if (w > 2)
        for (let dot = x + 2; dot < x + w - 1; dot += 5) context.fillRect(dot, middle, 2, 1);
    } else {
      context.fillStyle = colours.ink3;
      rounded(context, x, middle - 6, Math.max(2, w), 12);
      context.fill();
    }
  }
}

function extent(scene: Scene, span: { readonly from: number; readonly to: number | undefined }) {
  const x = toPixel(scene, scene.axis.at(span.from));
  const end = toPixel(scene, scene.axis.at(span.to ?? scene.axis.length - 1));
  return [x, end - x] as const;
}

function drawTask(
  context: Context,
  scene: Scene,
  colours: Palette,
  lane: TaskLane,
  middle: number,
  window: Window,
): void {
  const colour = colours.tasks[hueOf(lane.task)] ?? colours.ink;
  const base = context.globalAlpha;
  let drawnTo = -Infinity;
  let ranTo = -Infinity;
  for (let at = firstSpanAfter(lane.spans, window.first); at < lane.spans.length; at++) {
    const span = lane.spans[at];
    if (span === undefined || span.from > window.last) break;
    const [x, w] = extent(scene, span);
    // Too fine to see, and beside something that is already drawn: nothing is lost but work.
    if (w < 0.5 && x - drawnTo < 1 && span.kind !== 'running') continue;
    if (span.kind === 'running') {
      const to = x + Math.max(thinnestStep, w);
      if (to - ranTo < 0.5) continue;
      ranTo = to;
    }
    drawnTo = x + Math.max(w, 1);
    drawSpan(context, scene, colours, span, { x, w, middle, colour, base });
  }
  context.globalAlpha = base;
  for (const event of lane.cancelsAt) {
    if (event < window.first || event > window.last) continue;
    drawCancel(context, toPixel(scene, scene.axis.at(event)), middle, colours);
  }
  const ended = lane.outcome !== undefined && lane.outcome !== 'unrecorded';
  if (lane.doneAt !== undefined && ended) {
    drawEnd(context, toPixel(scene, scene.axis.at(lane.doneAt)), middle, lane.outcome, colours);
  }
}

interface Box {
  readonly x: number;
  readonly w: number;
  readonly middle: number;
  readonly colour: string;
  readonly base: number;
}

function drawSpan(
  context: Context,
  scene: Scene,
  colours: Palette,
  span: TaskSpan,
  box: Box,
): void {
  const { x, w, middle, colour, base } = box;
  context.fillStyle = colour;
  switch (span.kind) {
    case 'running': {
      const width = Math.max(thinnestStep, w);
      rounded(context, x, middle - bar / 2, width, bar);
      context.fill();
      if (width > 34) label(context, 'runs', x, width, middle, colours.panel);
      return;
    }
    case 'ready':
      context.globalAlpha = base * 0.16;
      context.fillRect(x, middle - bar / 2, w, bar);
      context.globalAlpha = base;
      hatch(context, x, w, middle, colour);
      return;
    case 'waiting': {
      context.globalAlpha = base * 0.13;
      context.fillRect(x, middle - bar / 2, w, bar);
      context.globalAlpha = base;
      for (let dot = x + 1; dot < x + w; dot += 4) {
        if (dot < -4) dot += Math.floor((-4 - dot) / 4) * 4;
        if (dot > scene.width) break;
        context.fillRect(dot, middle + bar / 2 - 1, 2, 1);
      }
      // The words stay in sight while any part of the wait does.
      const left = Math.max(0, x);
      const right = Math.min(scene.width, x + w);
      if (right - left > 40)
        label(context, waitText(scene, span), left, right - left, middle, colours.ink2);
      return;
    }
    case 'created':
      context.fillRect(x, middle - 1, Math.max(1, w), 2);
  }
}

function waitText(scene: Scene, span: TaskSpan): string {
  const { awaiting } = span;
  if (awaiting === undefined) return '';
  if (isSleep(awaiting)) {
    const event = scene.store.event(span.from);
    return `sleep ${formatDuration(awaiting.when - (event?.t ?? 0), 3)}`;
  }
  if (isTaskAwait(awaiting)) {
    return scene.store.creationOf(awaiting.id)?.name ?? 'a task';
  }
  if (isResourceAwait(awaiting)) return resourceText(awaiting.kind, awaiting.resource);
  return awaiting.kind === 'yield' ? 'sleep 0' : awaiting.kind.replaceAll('_', ' ');
}

function label(
  context: Context,
  text: string,
  x: number,
  w: number,
  middle: number,
  colour: string,
): void {
  const measured = context.measureText(text).width;
  if (measured > w - 8) return;
  context.fillStyle = colour;
  context.fillText(text, x + 6, middle + 0.5);
}

function hatch(context: Context, x: number, w: number, middle: number, colour: string): void {
  if (w < 1) return;
  context.save();
  context.beginPath();
  context.rect(x, middle - bar / 2, w, bar);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.globalAlpha *= 0.75;
  context.beginPath();
  const from = Math.max(x, -bar);
  const to = Math.min(x + w, 6000);
  for (let at = Math.floor((from - bar) / 5) * 5; at < to; at += 5) {
    context.moveTo(at, middle + bar / 2);
    context.lineTo(at + bar, middle - bar / 2);
  }
  context.stroke();
  context.restore();
}

function drawEnd(
  context: Context,
  x: number,
  y: number,
  outcome: NonNullable<TaskLane['outcome']>,
  colours: Palette,
): void {
  const colour =
    outcome === 'result' ? colours.ok : outcome === 'exception' ? colours.bad : colours.warn;
  context.lineWidth = 2;
  context.lineCap = 'round';
  context.strokeStyle = colour;
  context.fillStyle = colours.panel;
  context.beginPath();
  context.arc(x + 1, y, 8, 0, Math.PI * 2);
  context.fill();
  context.beginPath();
  if (outcome === 'result') {
    context.moveTo(x - 3, y + 0.5);
    context.lineTo(x, y + 3.5);
    context.lineTo(x + 5.5, y - 3.5);
  } else if (outcome === 'exception') {
    context.moveTo(x - 3, y - 4);
    context.lineTo(x + 5, y + 4);
    context.moveTo(x + 5, y - 4);
    context.lineTo(x - 3, y + 4);
  } else {
    context.arc(x + 1, y, 5, 0, Math.PI * 2);
    context.moveTo(x - 2.5, y - 3.5);
    context.lineTo(x + 4.5, y + 3.5);
  }
  context.stroke();
}

/** A request to cancel: a small flag on top of the lane. */
function drawCancel(context: Context, x: number, middle: number, colours: Palette): void {
  context.fillStyle = colours.warn;
  context.fillRect(x, middle - bar / 2 - 5, 1.5, bar + 6);
  context.beginPath();
  context.moveTo(x, middle - bar / 2 - 5);
  context.lineTo(x + 8, middle - bar / 2 - 2);
  context.lineTo(x, middle - bar / 2 + 1);
  context.fill();
}

function drawArrows(context: Context, scene: Scene, colours: Palette, window: Window): void {
  let shown = scene.timeline.arrows.filter(
    (arrow) => arrow.from <= window.last && (arrow.to ?? arrow.from) >= window.first,
  );
  if (shown.length > arrowsAtMost) {
    shown = shown.filter((a) => a.toTask === scene.selected || a.fromTask === scene.selected);
    if (scene.selected === null || shown.length > arrowsAtMost) return;
  }
  const rows = new Map<number, number>();
  const loopRows = new Map<number, number>();
  scene.lanes.forEach((lane, index) => {
    if (lane.kind === 'task') rows.set(lane.lane.task, index);
    else loopRows.set(lane.lane.loop, index);
  });
  context.lineWidth = 1.25;
  for (const arrow of shown) {
    const to = rows.get(arrow.toTask);
    const lane = to === undefined ? undefined : scene.lanes[to];
    const from =
      arrow.fromTask === undefined
        ? loopRows.get(lane?.lane.loop ?? 1)
        : (rows.get(arrow.fromTask) ?? loopRows.get(1));
    if (from === undefined || to === undefined || from === to) continue;
    const dim =
      scene.selected !== null &&
      arrow.toTask !== scene.selected &&
      arrow.fromTask !== scene.selected;
    context.globalAlpha = dim ? 0.15 : 0.8;
    drawArrow(context, scene, colours, arrow, from, to);
  }
  context.globalAlpha = 1;
}

function drawArrow(
  context: Context,
  scene: Scene,
  colours: Palette,
  arrow: WakeArrow,
  from: number,
  to: number,
): void {
  const x1 = toPixel(scene, scene.axis.at(arrow.from));
  const x2 = toPixel(scene, scene.axis.at(arrow.to ?? scene.axis.length - 1));
  const down = to > from;
  const y1 = laneTop(scene, from) + scene.laneHeight / 2 + (down ? bar / 2 : -bar / 2);
  const y2 = laneTop(scene, to) + scene.laneHeight / 2 + (down ? -bar / 2 - 1 : bar / 2 + 1);
  const colour = arrow.kind === 'cancelled' ? colours.warn : colours.ink3;
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.setLineDash(arrow.kind === 'created' ? [2, 3] : []);
  context.beginPath();
  context.moveTo(x1, y1);
  const bend = Math.min(18, Math.abs(y2 - y1) / 2);
  context.bezierCurveTo(x1, y1 + (down ? bend : -bend), x2, y2 - (down ? bend : -bend), x2, y2);
  context.stroke();
  context.setLineDash([]);
  context.beginPath();
  const tip = down ? -5 : 5;
  context.moveTo(x2, y2);
  context.lineTo(x2 - 3, y2 + tip);
  context.lineTo(x2 + 3, y2 + tip);
  context.fill();
}

function rounded(context: Context, x: number, y: number, w: number, h: number): void {
  context.beginPath();
  context.roundRect(x, y, w, h, Math.min(4, w / 2));
}
