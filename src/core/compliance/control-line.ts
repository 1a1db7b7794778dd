/** One control and what became of it, in one line. */
import { counted } from '../words/counted.ts';
import { controlOutcomes, type ControlResult } from '../validation/fact.ts';

export function controlLine({ id, title, outcome, message }: ControlResult): string {
  return `${outcome} ${id}: ${title}${message === null ? '' : ` (${message})`}`;
}

/** `3 passed, 1 not-checked` */
export function controlCounts(controls: readonly Pick<ControlResult, 'outcome'>[]): string {
  const parts = controlOutcomes.flatMap((outcome) => {
    const count = controls.filter((each) => each.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  return `${counted(controls.length, 'control')}: ${parts.join(', ')}`;
}
