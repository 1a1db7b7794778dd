/** A time of the week at which a service may be deployed, by the clocks of a time zone. */

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

export interface DeploymentWindow {
  /** On which it begins. */
  readonly days: readonly Weekday[];
  /** Of the day: 0 to 1439. */
  readonly fromMinute: number;
  /** From then on it is over: 0 to 1440. Before `fromMinute`, it is on the day after. */
  readonly toMinute: number;
  /** Of the IANA database. */
  readonly timeZone: string;
}

/** Of one declaration: any of them will do. */
export type Windows = readonly DeploymentWindow[];

export const MINUTES_OF_DAY = 1_440;
export const MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY;
