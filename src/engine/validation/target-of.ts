/** What a check asks, and where that stands in what it runs. */
import { invariant } from '../../core/invariant.ts';
import { lookAtUrl } from './alive.ts';
import type { NamedCheck } from './run-check.ts';
import type { CheckTarget } from './run-on-target.ts';
import type { RunningPreview } from './running-preview.ts';

/** Null when it asks nothing that runs. */
export function targetOf(
  check: NamedCheck,
  preview: RunningPreview | null,
  sampleEveryMs: number,
): CheckTarget | null {
  if (check.preview) {
    invariant(preview, `${check.name} runs beside the preview that it needs`);
    return { look: preview.look, launched: preview, sampleEveryMs };
  }
  if (check.target === undefined) return null;
  return { look: lookAtUrl(check.target), launched: null, sampleEveryMs };
}

/** With the address of the preview in its words. */
export function filledCheck(check: NamedCheck, preview: RunningPreview | null): NamedCheck {
  if (!check.preview || preview === null) return check;
  const { host, port } = preview;
  const fill = (text: string): string =>
    text
      .replaceAll('{preview.url}', `http://${host}:${port}`)
      .replaceAll('{preview.host}', host)
      .replaceAll('{preview.port}', String(port));
  const env = Object.entries(check.env).map(([name, value]) => [name, fill(value)] as const);
  return { ...check, run: check.run.map(fill), env: Object.fromEntries(env) };
}
