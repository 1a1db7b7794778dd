/** Report `inspec`: results of controls in the JSON of InSpec and CINC Auditor. */
import { z } from 'zod';
import { controlsAsked } from '../../../core/validation/asked/controls-asked.ts';
import type { ControlResult, Fact } from '../../../core/validation/fact.ts';
import { jsonElements } from '../../../platform/json-elements.ts';
import { parseReportPart } from '../../../platform/parse-report-part.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import { controlOf } from './control-of.ts';
import {
  heldAgainstStatistics,
  statisticsSchema,
  type ListedOutcomes,
  type Statistics,
} from './held-against-statistics.ts';
import { newIds, noteControl, withoutResults } from './listed-ids.ts';

export const inspecReport = reportDriver({
  id: 'inspec',
  summary: 'Results of controls in the JSON of InSpec and CINC Auditor.',
  asks: controlsAsked,
  read: readInspec,
});

const DOCUMENT = { what: 'It', format: "report of InSpec's" };
const CONTROLS = ['profiles', '*', 'controls'];

const documentSchema = z.object({
  version: z.string(),
  platform: z.object({}),
  statistics: statisticsSchema,
  profiles: z.array(
    z.object({
      name: z.string(),
      controls: z.array(z.unknown()),
      /** Missing in what versions before 4 wrote. */
      status: z.enum(['loaded', 'skipped', 'failed']).optional(),
      status_message: z.string().optional(),
      skip_message: z.string().optional(),
    }),
  ),
});

type Document = z.output<typeof documentSchema>;

async function* readInspec(source: ReportSource): AsyncGenerator<Fact> {
  const listed: ListedOutcomes = {};
  let statistics: Statistics = {};
  for await (const found of controlsIn(source)) {
    if (found.kind === 'document') {
      ({ statistics } = found.document);
      yield* factsOf(found.document);
      continue;
    }
    const { outcome } = found.control;
    listed[outcome] = (listed[outcome] ?? 0) + 1;
    yield { kind: 'control', ...found.control };
  }
  for (const message of heldAgainstStatistics(statistics, listed)) {
    yield { kind: 'incomplete', message };
  }
}

type Found =
  | { readonly kind: 'control'; readonly control: ControlResult }
  /** Without the controls in it. */
  | { readonly kind: 'document'; readonly document: Document };

/**
 * A profile that takes controls over from another lists them too, and only one of both has the results. So it is read
 * again where some had none: to be sure of those that nobody else has, in the memory of their ids.
 */
async function* controlsIn(source: ReportSource): AsyncGenerator<Found> {
  const ids = newIds();
  for await (const part of jsonElements(source.chunks(), [CONTROLS])) {
    if (part.kind === 'rest') {
      yield { kind: 'document', document: parseReportPart(documentSchema, part.read(), DOCUMENT) };
      continue;
    }
    const { control, hasResults } = controlOf(part.read());
    noteControl(ids, { id: control.id, profile: part.place.join('.'), hasResults });
    if (hasResults) yield { kind: 'control', control };
  }
  const without = withoutResults(ids);
  if (without.size === 0) return;
  let at = 0;
  for await (const part of jsonElements(source.chunks(), [CONTROLS])) {
    if (part.kind === 'rest') continue;
    if (without.has(at)) yield { kind: 'control', control: controlOf(part.read()).control };
    at += 1;
  }
}

function* factsOf({ version, profiles }: Document): Generator<Fact> {
  yield { kind: 'tool', name: 'InSpec', version };
  for (const { name, status, status_message: why, skip_message: skipped } of profiles) {
    const message = why ?? skipped ?? 'it does not say why';
    if (status === 'failed') {
      yield { kind: 'incomplete', message: `The profile ${name} failed: ${message}` };
    }
    if (status === 'skipped') {
      // Of another platform: none of its controls is listed.
      yield {
        ...{ kind: 'control', id: name, title: `All of the profile ${name}`, level: 'high' },
        ...{ outcome: 'not-applicable', message },
      };
    }
  }
}
