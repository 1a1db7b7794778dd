/** The few lines that change while a deployment runs; what has passed stands above them for good. */
import { placeLabel, placeOfStep, showSplit, type DeploymentView } from './deployment-view.ts';
import { escapeText } from './escape-text.ts';
import type { Paint, Signs } from './paint.ts';

export interface FrameStyle {
  readonly paint: Paint;
  readonly signs: Signs;
  readonly columns: number;
}

export function liveFrame(view: DeploymentView, style: FrameStyle): string[] {
  const { paint, signs, columns } = style;
  const lines: string[] = [];
  const place = view.step === null ? null : placeOfStep(view.plan, view.step);
  if (place) {
    const attempt = view.attempt > 1 ? ` (attempt ${view.attempt})` : '';
    const title = `${placeLabel(view.plan, place.step.id)} ${signs.running} ${place.step.title}${attempt}`;
    lines.push(paint.strong(cut(title, columns)));
    if (view.progress !== null) lines.push(paint.faint(cut(`  ${view.progress}`, columns)));
  }
  if (view.split) lines.push(paint.faint(cut(`  traffic: ${showSplit(view.split)}`, columns)));
  if (view.isServerAway) lines.push(paint.warn(cut('  server away, waiting', columns)));
  return lines;
}

/** Wrapped lines would make the display jump. */
function cut(text: string, columns: number): string {
  const safe = escapeText(text);
  if (safe.length <= columns) return safe;
  return columns < 4 ? safe.slice(0, Math.max(0, columns)) : `${safe.slice(0, columns - 3)}...`;
}
