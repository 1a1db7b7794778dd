/** The name of a release as people type it: a part of paths, pool ids and log lines. */
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

const VERSION = /^[A-Za-z0-9_+][A-Za-z0-9._+-]{0,127}$/;

export function releaseVersion(text: string | undefined): string {
  if (text === undefined) throw usageError('Say which release: --release <version>.');
  if (VERSION.test(text)) return text;
  throw usageError(
    `${quoted(text)} is not a version: use 1 to 128 letters, digits and the characters . _ + - and do not begin with . or -`,
  );
}
