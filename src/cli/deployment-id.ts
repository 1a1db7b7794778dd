/** A deployment as people type it: `d7` for `d7` and for `7`. */
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

const DEPLOYMENT_ID = /^d?([1-9][0-9]{0,8})$/;

export function deploymentId(text: string): string {
  const [, number] = DEPLOYMENT_ID.exec(text) ?? [];
  if (number !== undefined) return `d${number}`;
  throw usageError(`${quoted(text)} is not a deployment; they look like d7. See: surefoot history`);
}
