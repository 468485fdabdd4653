// How high the sheet over the map stands: at one of three stops, or wherever the finger that drags it is.
import { computed, ref } from 'vue';

export const STOPS = ['low', 'middle', 'high'] as const;
export type Stop = (typeof STOPS)[number];

export const stop = ref<Stop>('middle');
/** While it is dragged, in pixels; null at a stop. */
const draggedPx = ref<number | null>(null);

export const sheetStyle = computed(() => (draggedPx.value === null ? {} : { height: `${draggedPx.value}px`, transition: 'none' }));

export function raiseSheet(): void {
  stop.value = 'high';
}
/** The next stop up, and from the highest back to the middle: for who taps or uses keys. */
export function turnSheet(): void {
  if (wasDragged) return;
  stop.value = stop.value === 'low' ? 'middle' : stop.value === 'middle' ? 'high' : 'middle';
}

const A_DRAG_PX = 6;
const A_FLICK = 0.4; // pixels a millisecond
const shares: Record<Stop, number> = { low: 0.2, middle: 0.46, high: 0.86 };
/** A click follows when the finger is lifted. */
let wasDragged = false;
let start: { y: number; height: number; at: number } | null = null;

export function dragBegins(event: PointerEvent): void {
  const sheet = (event.currentTarget as HTMLElement).closest<HTMLElement>('.sheet');
  if (sheet === null || !event.isPrimary) return;
  wasDragged = false;
  start = { y: event.clientY, height: sheet.offsetHeight, at: event.timeStamp };
  (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
}
export function dragMoves(event: PointerEvent): void {
  if (start === null) return;
  const up = start.y - event.clientY;
  if (draggedPx.value === null && Math.abs(up) < A_DRAG_PX) return;
  draggedPx.value = Math.max(80, Math.min(window.innerHeight * 0.92, start.height + up));
}
export function dragEnds(event: PointerEvent): void {
  const [from, height] = [start, draggedPx.value];
  start = null;
  draggedPx.value = null;
  wasDragged = height !== null;
  if (from === null || height === null) return;
  const speed = (from.y - event.clientY) / Math.max(1, event.timeStamp - from.at);
  const share = height / window.innerHeight + (Math.abs(speed) > A_FLICK ? Math.sign(speed) * 0.2 : 0);
  const nearest = [...STOPS].sort((a, b) => Math.abs(shares[a] - share) - Math.abs(shares[b] - share));
  stop.value = nearest[0] ?? 'middle';
}
