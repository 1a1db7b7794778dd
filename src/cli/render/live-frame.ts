/** The few lines that change while a deployment runs; what has passed stands above them for good. */
import { showOddsOf } from '../../core/words/odds-sentence.ts';
import { courseLines } from './course-lines.ts';
import { placeLabel, placeOfStep, showSplit, type DeploymentView } from './deployment-view.ts';
import { escapeText } from './escape-text.ts';
import type { Paint, Signs } from './paint.ts';

export interface FrameStyle {
  readonly paint: Paint;
  readonly signs: Signs;
  readonly columns: number;
  /** Of the terminal: a frame that is higher could not be drawn over. */
  readonly rows: number;
}

export function liveFrame(view: DeploymentView, style: FrameStyle): string[] {
  const { paint, columns } = style;
  const charts = chartLines(view, style);
  const lines = frameLines(view, style);
  const isShown = lines.length + charts.length < style.rows;
  return isShown ? [...lines, ...charts.map((line) => paint.faint(cut(line, columns)))] : lines;
}

/** The candidate beside the stable release, and how strong the evidence is. */
function chartLines({ look }: DeploymentView, { columns, signs }: FrameStyle): string[] {
  if (look === null) return [];
  const { compared } = look.judgement;
  const evidence = compared && showOddsOf(compared.evidence.total, compared.needed);
  return [
    ...(evidence ? [`evidence: ${evidence}`] : []),
    ...(look.course
      ? courseLines(look.course, {
          columns: columns - 2,
          glyphs: signs.chart,
          needed: compared?.needed ?? null,
        })
      : []),
  ].map((line) => `  ${line}`);
}

function frameLines(view: DeploymentView, { paint, signs, columns }: FrameStyle): string[] {
  const lines: string[] = [];
  const place = view.step === null ? null : placeOfStep(view.plan, view.step);
  if (place) {
    const attempt = view.attempt > 1 ? ` (attempt ${view.attempt})` : '';
    const title = `${placeLabel(view.plan, place.step.id)} ${signs.running} ${place.step.title}${attempt}`;
    lines.push(paint.strong(cut(title, columns)));
    if (view.progress !== null) lines.push(paint.faint(cut(`  ${view.progress}`, columns)));
  }
  if (view.pause !== null) {
    lines.push(
      paint.warn(cut(`${view.pause}; to go on: surefoot resume ${view.plan.id}`, columns)),
    );
    if (view.progress !== null) lines.push(paint.faint(cut(`  ${view.progress}`, columns)));
  }
  for (const [scope, split] of Object.entries(view.splits)) {
    const { services } = view.plan;
    const of = services.length > 1 ? ` of ${scope}` : '';
    lines.push(paint.faint(cut(`  traffic${of}: ${showSplit(split)}`, columns)));
  }
  if (view.isServerAway) lines.push(paint.warn(cut('  server away, waiting', columns)));
  return lines;
}

/** Wrapped lines would make the display jump. */
function cut(text: string, columns: number): string {
  const safe = escapeText(text);
  if (safe.length <= columns) return safe;
  return columns < 4 ? safe.slice(0, Math.max(0, columns)) : `${safe.slice(0, columns - 3)}...`;
}
