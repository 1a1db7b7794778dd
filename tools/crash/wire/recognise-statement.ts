/** Which durable record a statement of the server writes, by what it carries. */
import type { WirePlace } from './wire-point.ts';

export interface StepRecord {
  readonly place: Exclude<WirePlace, 'verb'>;
  readonly step: string;
}

/** As the audit log keys them: `shift-20#1.5 issued`, `shift-20#1.5 ended`. */
const KEY = /"key":"([a-z0-9-]+)#\d+\.\d+\?? (issued|ended)"/;
/** As the durable engine names a finished step: `shift-20#1`. */
const STEP_NAME = /(?:^|[^a-z0-9-])([a-z][a-z0-9-]*)#\d+(?![\d.])/;

/** Null when it is none of them. `text` has the statement and its parameters, whatever lies between. */
export function recogniseStatement(text: string): StepRecord | null {
  if (/insert into "?\w+"?\.operation_outputs/i.test(text)) {
    const step = STEP_NAME.exec(text)?.[1];
    return step === undefined ? null : { place: 'checkpoint', step };
  }
  const [, step, what] = KEY.exec(text) ?? [];
  if (step === undefined || !/append_(?:audit|as_driver)\(/.test(text)) return null;
  return { place: what === 'issued' ? 'intent' : 'outcome', step };
}
