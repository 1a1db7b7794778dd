/**
 * Whether windows are open at a moment, and when that changes. A window is open whenever the clocks on the
 * wall show a time that lies in it: an hour that they skip is in none, one that they repeat is in it twice.
 */
import { invariant } from '../invariant.ts';
import {
  MINUTES_OF_DAY,
  MINUTES_OF_WEEK,
  WEEKDAYS,
  type DeploymentWindow,
  type Windows,
} from './deployment-window.ts';
import { zoneOffset } from './zone-offset.ts';

export interface WindowsAt {
  readonly isOpen: boolean;
  /** The next moment at which that is no longer so; null when there is none within a year. */
  readonly changesAtMs: number | null;
}

const MINUTE_MS = 60_000;
/** Windows in two time zones may meet in one half of the year only. */
const HORIZON_MINUTES = 400 * MINUTES_OF_DAY;
/** The first minute of 1970 is on a Thursday. */
const EPOCH_WEEKDAY = 3;

/** Of several declarations each must be open. */
export function windowsAt(all: readonly Windows[], atMs: number): WindowsAt {
  const week = weekOf(all);
  const first = Math.floor(atMs / MINUTE_MS);
  const isOpen = isOpenAt(week, first);
  let minute = first;
  while (minute < first + HORIZON_MINUTES) {
    minute += untilNextEdge(week, minute);
    if (isOpenAt(week, minute) !== isOpen) return { isOpen, changesAtMs: minute * MINUTE_MS };
  }
  return { isOpen, changesAtMs: null };
}

export function windowsOpenAt(all: readonly Windows[], atMs: number): boolean {
  return isOpenAt(weekOf(all), Math.floor(atMs / MINUTE_MS));
}

/** One day's piece of a window, in minutes of the week, which begins with Monday; it may run over its end. */
interface Span {
  readonly from: number;
  readonly minutes: number;
  readonly zone: Zone;
}

interface Zone {
  readonly offsetAt: (minute: number) => number;
}

interface Week {
  /** One list for each declaration. */
  readonly declared: readonly (readonly Span[])[];
  readonly zones: readonly Zone[];
}

function weekOf(all: readonly Windows[]): Week {
  const zones = new Map<string, Zone>();
  for (const { timeZone } of all.flat()) {
    if (!zones.has(timeZone)) zones.set(timeZone, { offsetAt: zoneOffset(timeZone) });
  }
  const spansOf = ({ days, fromMinute, toMinute, timeZone }: DeploymentWindow): readonly Span[] => {
    const zone = zones.get(timeZone);
    invariant(zone, `the time zone ${timeZone} is known`);
    const end = toMinute > fromMinute ? toMinute : toMinute + MINUTES_OF_DAY;
    return days.map((day) => ({
      from: WEEKDAYS.indexOf(day) * MINUTES_OF_DAY + fromMinute,
      minutes: end - fromMinute,
      zone,
    }));
  };
  return { declared: all.map((windows) => windows.flatMap(spansOf)), zones: [...zones.values()] };
}

function isOpenAt({ declared, zones }: Week, minute: number): boolean {
  const onTheWall = new Map(zones.map((zone) => [zone, weekMinuteAt(zone, minute)]));
  return declared.every((spans) =>
    spans.some(({ from, minutes, zone }) => inWeek((onTheWall.get(zone) ?? 0) - from) < minutes),
  );
}

/** How long nothing can open or close: until a span begins or ends, or clocks are put on or back. */
function untilNextEdge({ declared, zones }: Week, minute: number): number {
  const onTheWall = new Map(zones.map((zone) => [zone, weekMinuteAt(zone, minute)]));
  const edges = declared.flat().flatMap(({ from, minutes, zone }) => {
    const ahead = from - (onTheWall.get(zone) ?? 0);
    return [ahead, ahead + minutes].map((edge) => inWeek(edge) || MINUTES_OF_WEEK);
  });
  const step = Math.min(MINUTES_OF_DAY, ...edges);
  return Math.min(step, ...zones.map((zone) => untilClocksChange(zone, minute, step)));
}

/** At most so many minutes; no zone changes its clocks twice within a day. */
function untilClocksChange({ offsetAt }: Zone, minute: number, minutesMax: number): number {
  const offset = offsetAt(minute);
  if (offsetAt(minute + minutesMax) === offset) return minutesMax;
  let [same, other] = [0, minutesMax];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (offsetAt(minute + middle) === offset) same = middle;
    else other = middle;
  }
  return other;
}

function weekMinuteAt({ offsetAt }: Zone, minute: number): number {
  return inWeek(minute + offsetAt(minute) + EPOCH_WEEKDAY * MINUTES_OF_DAY);
}

function inWeek(minute: number): number {
  return ((minute % MINUTES_OF_WEEK) + MINUTES_OF_WEEK) % MINUTES_OF_WEEK;
}
