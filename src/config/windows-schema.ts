/** Deployment windows: days and times of day in, minutes and a list of days out. */
import { z } from 'zod';
import {
  WEEKDAYS,
  type DeploymentWindow,
  type Weekday,
} from '../core/windows/deployment-window.ts';
import { isTimeZone } from '../core/windows/zone-offset.ts';
import { suggest } from './suggest.ts';

const WINDOWS_MAX = 20;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$|^(24):(00)$/;

/** A day, or a range like `mon-fri`; one may run over the end of the week. */
const daysItemSchema = z.string().transform((text, context) => {
  const [first = -1, last = first, ...more] = text
    .split('-')
    .map((name) => WEEKDAYS.findIndex((day) => day === name));
  if (first >= 0 && last >= 0 && more.length === 0) {
    const count = ((last - first + WEEKDAYS.length) % WEEKDAYS.length) + 1;
    return [...WEEKDAYS, ...WEEKDAYS].slice(first, first + count);
  }
  context.addIssue({
    code: 'custom',
    message: `"${text}" is no day of the week; write ${WEEKDAYS.join(', ')}, or a range like mon-fri`,
  });
  return z.NEVER;
});

const daysSchema = z
  .union([
    daysItemSchema,
    z.array(daysItemSchema).min(1, { error: 'is empty; name at least one day' }),
  ])
  .transform((days): readonly Weekday[] => {
    const named = new Set(days.flat());
    return WEEKDAYS.filter((day) => named.has(day));
  });

/** In minutes. */
const timeSchema = z
  .string({ error: ({ input }) => (input === undefined ? undefined : notATime(input)) })
  .transform((text, context) => {
    const [hours, minutes] = TIME.exec(text)?.slice(1).filter(Boolean).map(Number) ?? [];
    if (hours !== undefined && minutes !== undefined) return hours * 60 + minutes;
    context.addIssue({ code: 'custom', message: notATime(text) });
    return z.NEVER;
  });

function notATime(input: unknown): string {
  return `${JSON.stringify(input)} is no time of day; write it like "09:00" or "16:30"`;
}

const timeZoneSchema = z.string().superRefine((name, context) => {
  if (isTimeZone(name)) return;
  const meant = suggest(name, [...Intl.supportedValuesOf('timeZone'), 'UTC']);
  const message = `${JSON.stringify(name)} is no time zone; write it like Europe/Berlin, or UTC${meant === undefined ? '' : `; did you mean ${meant}?`}`;
  context.addIssue({ code: 'custom', message });
});

const windowSchema = z
  .strictObject({
    days: daysSchema.describe(
      'Days on which it begins: `mon` to `sun`, a range like `mon-fri`, or a list of these.',
    ),
    from: timeSchema.prefault('00:00').describe('Time of day at which it opens, like `09:00`.'),
    to: timeSchema
      .prefault('24:00')
      .describe(
        'Time of day at which it closes, like `16:30`. Before `from`, it is on the day after.',
      ),
    timeZone: timeZoneSchema
      .prefault('UTC')
      .describe(
        'Whose clocks are meant, by its name in the IANA database, like `Europe/Berlin`: summer time included.',
      ),
  })
  .superRefine(({ from, to }, context) => {
    if (from !== to && from < 1_440) return;
    const message =
      from === to
        ? 'is the same as from, which is no time or all of it; for the whole day leave both out'
        : 'comes with a from of 24:00, where a day ends; write 00:00 and the day after';
    context.addIssue({ code: 'custom', path: ['to'], message });
  })
  .transform(({ days, from, to, timeZone }): DeploymentWindow => ({
    ...{ days, fromMinute: from, toMinute: to, timeZone },
  }));

export const windowsSchema = z
  .array(windowSchema)
  .min(1, { error: 'is empty, so that nothing could ever be deployed; leave it out for any time' })
  .max(WINDOWS_MAX);
