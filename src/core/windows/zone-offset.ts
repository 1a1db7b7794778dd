/** By how many minutes the clocks of a time zone are ahead of UTC. The rules are those of the runtime. */

const MINUTE_MS = 60_000;
const OFFSET = /GMT(?:([+-])(\d{2}):(\d{2}))?/;

/** Whether there is such a place, or UTC. `EST` is none, nor is `+01:00`: they know no summer time. */
export function isTimeZone(name: string): boolean {
  if (name !== 'UTC' && !/^[A-Za-z]+\//.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    // This is how Intl answers the question.
    return false;
  }
}

/** Asked by minutes since 1970. */
export function zoneOffset(timeZone: string): (minute: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (minute) => {
    const [, sign = '+', hours = '0', minutes = '0'] =
      OFFSET.exec(format.format(minute * MINUTE_MS)) ?? [];
    const offset = Number(hours) * 60 + Number(minutes);
    return sign === '-' ? -offset : offset;
  };
}
