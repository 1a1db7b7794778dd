/** Deployment windows as people read them: days, times and the zone, which is never left out. */
import type { OutsideWindows } from '../deployment/closure.ts';
import type { WindowsForecast } from '../deployment/windows-forecast.ts';
import { WEEKDAYS, type DeploymentWindow, type Windows } from '../windows/deployment-window.ts';
import { showDuration } from './show-duration.ts';

/** `the deployment windows (mon-fri 09:00-16:30 Europe/Berlin) are closed until …`. */
export function outsideWords({ windows, opensAtMs }: OutsideWindows): string {
  const which = `the deployment windows (${windows.map(windowsWords).join(') and (')})`;
  if (opensAtMs === null) return `${which} are closed, and are not all open at once within a year`;
  return `${which} are closed until ${momentIn(windows, opensAtMs)}`;
}

/** Null where nothing can be said: they never close, or, while they are closed, it is refused with that. */
export function forecastSentence(
  all: readonly Windows[],
  { isOpen, changesAtMs, leastMs, closesBefore }: WindowsForecast,
): string | null {
  if (!isOpen || changesAtMs === null) return null;
  const until = `The deployment windows are open until ${momentIn(all, changesAtMs)}`;
  if (!closesBefore) return `${until}.`;
  return `${until}, and its shares are held for ${showDuration(leastMs)} at least: it will wait where it is until they open again.`;
}

export function windowsWords(windows: Windows): string {
  return windows.map(windowWords).join(' or ');
}

/** By the clocks of the first window, and in UTC. */
export function momentIn(all: readonly Windows[], ms: number): string {
  const { timeZone = 'UTC' } = all[0]?.[0] ?? {};
  const inUtc = `${momentText(ms, 'UTC')} UTC`;
  return timeZone === 'UTC' ? inUtc : `${momentText(ms, timeZone)} ${timeZone} (${inUtc})`;
}

/** `mon-fri 09:00-16:30 Europe/Berlin`. */
function windowWords({ days, fromMinute, toMinute, timeZone }: DeploymentWindow): string {
  return `${daysWords(days)} ${timeText(fromMinute)}-${timeText(toMinute)} ${timeZone}`;
}

function daysWords(days: DeploymentWindow['days']): string {
  const runs: { readonly first: string; last: string }[] = [];
  for (const [index, day] of WEEKDAYS.entries()) {
    if (!days.includes(day)) continue;
    const run = runs.at(-1);
    if (run && run.last === WEEKDAYS[index - 1]) run.last = day;
    else runs.push({ first: day, last: day });
  }
  return runs.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(', ');
}

function timeText(minute: number): string {
  const two = (count: number): string => String(count).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** `Mon 2026-11-30 09:00`. */
function momentText(ms: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', weekday: 'short', hour: '2-digit', minute: '2-digit' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
  }).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((each) => each.type === type)?.value ?? '';
  return `${part('weekday')} ${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}
