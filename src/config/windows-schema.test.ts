import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBadInputs } from '../../test/support/config/bad-input-table.ts';
import { configText } from '../../test/support/config/config-text.ts';
import { loadText } from '../../test/support/config/load-text.ts';
import { WEEKDAYS } from '../core/windows/deployment-window.ts';
import { windowsSchema } from './windows-schema.ts';

const ofEnvironment = (written: string): string =>
  configText(['production: {}', `production: { windows: ${written} }`]);

const only = (window: object) => windowsSchema.parse([window])[0];

test('a window is of days, times of day and a time zone, which is UTC unless it is said', () => {
  assert.deepEqual(
    only({ days: 'mon-fri', from: '09:00', to: '16:30', timeZone: 'Europe/Berlin' }),
    {
      days: ['mon', 'tue', 'wed', 'thu', 'fri'],
      ...{ fromMinute: 540, toMinute: 990, timeZone: 'Europe/Berlin' },
    },
  );
  assert.deepEqual(only({ days: 'sat' }), {
    ...{ days: ['sat'], fromMinute: 0, toMinute: 1_440, timeZone: 'UTC' },
  });
});

test('days are one, a range that may run over the end of the week, or a list of both', () => {
  assert.deepEqual(only({ days: 'fri-mon' })?.days, ['mon', 'fri', 'sat', 'sun']);
  assert.deepEqual(only({ days: 'mon-sun' })?.days, WEEKDAYS);
  assert.deepEqual(only({ days: ['wed', 'mon-tue', 'mon'] })?.days, ['mon', 'tue', 'wed']);
});

test('a window over midnight is declared by an end before its begin, or at it', () => {
  const night = only({ days: 'mon', from: '22:00', to: '04:00' });
  const evening = only({ days: 'mon', from: '22:00', to: '00:00' });

  assert.deepEqual([night?.fromMinute, night?.toMinute], [1_320, 240]);
  assert.deepEqual([evening?.fromMinute, evening?.toMinute], [1_320, 0]);
});

test('windows are of an environment, of a service, or of both', async () => {
  const loaded = await loadText(
    configText(
      ['production: {}', 'production: { windows: [{ days: mon-thu }] }'],
      ['    rollout:', '    windows: [{ days: tue, from: 09:00, to: 16:00 }]\n    rollout:'],
    ),
  );

  assert.ok(loaded.ok);
  assert.equal(loaded.config.environments['production']?.windows?.[0]?.days.length, 4);
  assert.equal(loaded.config.services['newsroom']?.windows?.[0]?.fromMinute, 540);
});

testBadInputs([
  {
    title: 'windows that are none',
    text: ofEnvironment('[]'),
    says: [/^:4:\d+: windows: is empty, so that nothing could ever be deployed; leave it out/],
  },
  {
    title: 'a window without days',
    text: ofEnvironment('[{ from: "09:00" }]'),
    says: [/^:4:\d+: the key "days" is missing in windows\[0\]/],
  },
  {
    title: 'a day that is none',
    text: ofEnvironment('[{ days: monday }]'),
    says: [
      /^:4:35: days: "monday" is no day of the week; write mon, tue, .* a range like mon-fri$/,
    ],
  },
  {
    title: 'a day in a list that is none',
    text: ofEnvironment('[{ days: [mon, fri-], from: "09:00" }]'),
    says: [/^:4:41: days\[1\]: "fri-" is no day of the week; /],
  },
  {
    title: 'a list of no days',
    text: ofEnvironment('[{ days: [] }]'),
    says: [/^:4:35: days: is empty; name at least one day$/],
  },
  {
    title: 'an hour that there is not',
    text: ofEnvironment('[{ days: mon, from: "09:60", to: "24:30" }]'),
    says: [
      /^:4:46: from: "09:60" is no time of day; write it like "09:00" or "16:30"$/,
      /^:4:59: to: "24:30" is no time of day; /,
    ],
  },
  {
    title: 'a number for a time of day',
    text: ofEnvironment('[{ days: mon, from: 9 }]'),
    says: [/^:4:46: from: 9 is no time of day; write it like "09:00"/],
  },
  {
    title: 'a window that begins as it ends',
    text: ofEnvironment('[{ days: mon, from: "09:00", to: "09:00" }]'),
    says: [/^:4:59: to: is the same as from, which is no time or all of it; .* leave both out$/],
  },
  {
    title: 'a window that begins at the end of the day',
    text: ofEnvironment('[{ days: mon, from: "24:00", to: "09:00" }]'),
    says: [/^:4:59: to: comes with a from of 24:00, /],
  },
  {
    title: 'a time zone that is mistyped',
    text: ofEnvironment('[{ days: mon, timeZone: Europe/Berln }]'),
    says: [
      /^:4:50: timeZone: "Europe\/Berln" is no time zone; write it like Europe\/Berlin, or UTC; did you mean Europe\/Berlin\?$/,
    ],
  },
  {
    title: 'a time zone that knows no summer time',
    text: ofEnvironment('[{ days: mon, timeZone: EST }, { days: mon, timeZone: "+01:00" }]'),
    says: [/^:4:50: timeZone: "EST" is no time zone; /, /timeZone: "\+01:00" is no time zone; /],
  },
  {
    title: 'a key of a window that there is not',
    text: ofEnvironment('[{ days: mon, until: "09:00" }]'),
    says: [/unknown key "until"; known here: days, from, to, timeZone$/],
  },
]);
