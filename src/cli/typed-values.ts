/** What people type, checked before anything is done with it. */
import { parseDuration } from '../core/model/duration.ts';
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

const VERSION = /^[A-Za-z0-9_+][A-Za-z0-9._+-]{0,127}$/;
const DEPLOYMENT_ID = /^d?([1-9][0-9]{0,8})$/;
const REASON_LENGTH_MAX = 2_000;

/** The name of a release: a part of paths, pool ids and log lines. */
export function releaseVersion(text: string | undefined): string {
  if (text === undefined) throw usageError('Say which release: --release <version>.');
  if (VERSION.test(text)) return text;
  throw usageError(
    `${quoted(text)} is not a version: use 1 to 128 letters, digits and the characters . _ + - and do not begin with . or -`,
  );
}

/** `d7` for `d7` and for `7`. */
export function deploymentId(text: string): string {
  const [, number] = DEPLOYMENT_ID.exec(text) ?? [];
  if (number !== undefined) return `d${number}`;
  throw usageError(`${quoted(text)} is not a deployment; they look like d7. See: surefoot history`);
}

export function durationMs(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw usageError(
    `${option} ${quoted(text)} is not a duration; write it like 500ms, 10s, 5m or 1h.`,
  );
}

export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw usageError(`${option} ${quoted(text)} is not a whole number from ${least} to ${most}.`);
}

export function reasonText(text: string | undefined): string {
  if ((text ?? '').length <= REASON_LENGTH_MAX) return text ?? '';
  throw usageError(`The reason is longer than ${REASON_LENGTH_MAX} characters.`);
}
