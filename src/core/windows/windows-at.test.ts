import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aWindow } from '../../../test/support/core/window-builder.ts';
import { WEEKDAYS, type DeploymentWindow, type Windows } from './deployment-window.ts';
import { windowsAt, windowsOpenAt } from './windows-at.ts';

const ms = (moment: string): number => Date.parse(moment);
const at = (windows: readonly Windows[], moment: string) => windowsAt(windows, ms(moment));
const told = ({ isOpen, changesAtMs }: ReturnType<typeof windowsAt>) => [
  isOpen,
  changesAtMs === null ? null : new Date(changesAtMs).toISOString().slice(0, 16),
];

/** Whether clocks on the wall show a time in a window of each declaration, found without the code under test. */
function shownBy(all: readonly Windows[]): (atMs: number) => boolean {
  const walls = new Map(all.flat().map(({ timeZone }) => [timeZone, wallOf(timeZone)]));
  return (atMs) =>
    all.every((windows) =>
      windows.some((window) => isShown(window, walls.get(window.timeZone)!(atMs))),
    );
}

function wallOf(timeZone: string): (atMs: number) => { day: number; minute: number } {
  const wall = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', weekday: 'short', hour: '2-digit', minute: '2-digit' },
  });
  return (atMs) => {
    // "Fri, 09:30"
    const [, day = '', hour, minute] = /(\w+),? (\d+):(\d+)/.exec(wall.format(atMs)) ?? [];
    return {
      day: WEEKDAYS.findIndex((each) => each === day.toLowerCase()),
      minute: Number(hour) * 60 + Number(minute),
    };
  };
}

function isShown(window: DeploymentWindow, { day, minute }: { day: number; minute: number }) {
  const { days, fromMinute, toMinute } = window;
  const begins = (index: number) => days.some((each) => WEEKDAYS.indexOf(each) === (index + 7) % 7);
  if (toMinute > fromMinute) return begins(day) && minute >= fromMinute && minute < toMinute;
  return (begins(day) && minute >= fromMinute) || (begins(day - 1) && minute < toMinute);
}

test('a window is open from its first minute to its last, on its days only', () => {
  const office = [[aWindow()]];

  assert.deepEqual(told(at(office, '2026-11-27T07:59:59.999Z')), [false, '2026-11-27T08:00']);
  assert.deepEqual(told(at(office, '2026-11-27T08:00:00Z')), [true, '2026-11-27T15:30']);
  assert.deepEqual(told(at(office, '2026-11-27T15:29:59.999Z')), [true, '2026-11-27T15:30']);
  assert.deepEqual(told(at(office, '2026-11-27T15:30:00Z')), [false, '2026-11-30T08:00']);
});

test('a window over midnight belongs to the day on which it begins, and one on Sunday ends on Monday', () => {
  const night = [[aWindow({ days: ['sun'], fromMinute: 22 * 60, toMinute: 4 * 60 })]];

  assert.deepEqual(told(at(night, '2026-11-29T01:00:00Z')), [false, '2026-11-29T21:00']);
  assert.deepEqual(told(at(night, '2026-11-30T01:00:00Z')), [true, '2026-11-30T03:00']);
});

test('of one declaration any window will do, touching ones are one, and of several each must be open', () => {
  const morning = aWindow({ toMinute: 12 * 60 });
  const noon = aWindow({ fromMinute: 12 * 60, toMinute: 13 * 60 });
  const utc = aWindow({ fromMinute: 9 * 60, toMinute: 17 * 60, timeZone: 'UTC' });

  assert.deepEqual(told(at([[morning, noon]], '2026-11-27T08:00Z')), [true, '2026-11-27T12:00']);
  assert.deepEqual(told(at([[morning], [utc]], '2026-11-27T08:30Z')), [false, '2026-11-27T09:00']);
  assert.deepEqual(told(at([[morning], [utc]], '2026-11-27T09:30Z')), [true, '2026-11-27T11:00']);
});

test('without a window all is open for good, and what never closes or never opens says so', () => {
  const always = aWindow({ days: WEEKDAYS, fromMinute: 0, toMinute: 1_440 });
  const [mondays, tuesdays] = [aWindow({ days: ['mon'] }), aWindow({ days: ['tue'] })];

  assert.deepEqual(told(at([], '2026-11-27T08:00Z')), [true, null]);
  assert.deepEqual(told(at([[always]], '2026-11-27T08:00Z')), [true, null]);
  assert.deepEqual(told(at([[mondays], [tuesdays]], '2026-11-27T08:00Z')), [false, null]);
});

test('windows of two zones that meet in winter only open when the clocks have been put back', () => {
  const berlin = aWindow({ fromMinute: 9 * 60, toMinute: 10 * 60 });
  const utc = aWindow({ fromMinute: 8 * 60, toMinute: 9 * 60, timeZone: 'UTC' });

  assert.deepEqual(told(at([[berlin], [utc]], '2026-04-01T00:00Z')), [false, '2026-10-26T08:00']);
});

test('an hour that the clocks skip is in no window, and the rest of one opens as they are put on', () => {
  const skipped = [[aWindow({ days: ['sun'], fromMinute: 2 * 60, toMinute: 3 * 60 })]];
  const halfSkipped = [[aWindow({ days: ['sun'], fromMinute: 150, toMinute: 4 * 60 })]];

  assert.deepEqual(told(at(skipped, '2026-03-28T00:00Z')), [false, '2026-04-05T00:00']);
  assert.deepEqual(told(at(halfSkipped, '2026-03-28T12:00Z')), [false, '2026-03-29T01:00']);
});

test('an hour that the clocks repeat is in a window twice', () => {
  const repeated = [[aWindow({ days: ['sun'], fromMinute: 150, toMinute: 165 })]];

  assert.deepEqual(told(at(repeated, '2026-10-25T00:00Z')), [false, '2026-10-25T00:30']);
  assert.deepEqual(told(at(repeated, '2026-10-25T00:30Z')), [true, '2026-10-25T00:45']);
  assert.deepEqual(told(at(repeated, '2026-10-25T00:45Z')), [false, '2026-10-25T01:30']);
  assert.deepEqual(told(at(repeated, '2026-10-25T01:45Z')), [false, '2026-11-01T01:30']);
});

test('clocks that are put on by half an hour shift a window by as much', () => {
  const morning = [[aWindow({ days: WEEKDAYS, timeZone: 'Australia/Lord_Howe' })]];

  // From UTC+10:30 to UTC+11.
  assert.deepEqual(told(at(morning, '2026-10-02T12:00Z')), [false, '2026-10-02T22:30']);
  assert.deepEqual(told(at(morning, '2026-10-03T12:00Z')), [false, '2026-10-03T22:00']);
});

/** Days around which clocks are changed, and others. */
const moments = fc
  .tuple(
    fc.constantFrom(
      ...['2026-03-08', '2026-11-01', '2026-03-29', '2026-10-25', '2026-04-05', '2026-10-04'],
      ...['2026-01-01', '2026-07-15', '2027-02-28'],
    ),
    fc.integer({ min: -2 * 86_400_000, max: 2 * 86_400_000 }),
  )
  .map(([day, offMs]) => ms(day) + offMs);

const windowsArbitrary = fc.array(
  fc.record({
    days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
    // The small hours, in which clocks are changed, come often.
    fromMinute: fc.oneof(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 0, max: 200 })),
    toMinute: fc.oneof(fc.integer({ min: 1, max: 1_440 }), fc.integer({ min: 1, max: 200 })),
    timeZone: fc.constantFrom(
      ...['UTC', 'Europe/Berlin', 'America/New_York'],
      ...['Australia/Lord_Howe', 'Asia/Kathmandu'],
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

test('safety: windows are open exactly while a clock on the wall shows a time in one of each declaration', () => {
  fc.assert(
    fc.property(fc.array(windowsArbitrary, { maxLength: 2 }), moments, (all, atMs) => {
      const isOpen = shownBy(all)(atMs);
      assert.equal(windowsOpenAt(all, atMs), isOpen);
      assert.equal(windowsAt(all, atMs).isOpen, isOpen);
    }),
    { numRuns: 200 },
  );
});

const LOOKED_AT_MINUTES = 2 * 1_440;

test('safety: the moment at which that changes is the first one, minute by minute', () => {
  fc.assert(
    fc.property(windowsArbitrary, moments, (windows, atMs) => {
      const { isOpen, changesAtMs } = windowsAt([windows], atMs);
      const first = Math.floor(atMs / 60_000);
      const until = Math.min(
        first + LOOKED_AT_MINUTES,
        changesAtMs === null ? Infinity : changesAtMs / 60_000,
      );
      const isShownAt = shownBy([windows]);
      for (let minute = first; minute < until; minute += 1) {
        if (isShownAt(minute * 60_000) !== isOpen) {
          assert.fail(`it changes at ${new Date(minute * 60_000).toISOString()} already`);
        }
      }
      if (changesAtMs === null) return;
      assert.ok(changesAtMs > atMs);
      assert.equal(isShownAt(changesAtMs), !isOpen);
    }),
    { numRuns: 60 },
  );
});
