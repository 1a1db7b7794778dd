/** Report `grype`: vulnerabilities of packages, as Grype writes them with `--output json`, of any length. */
import { z } from 'zod';
import { datedFindingsAsked } from '../../../core/validation/asked/findings-asked.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { jsonElements } from '../../../platform/json-elements.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import { alertsOf, findingOf } from './finding-of.ts';
import { parseGrype } from './parse-grype.ts';

export const grypeReport = reportDriver({
  id: 'grype',
  summary: 'Vulnerabilities found by Grype.',
  asks: datedFindingsAsked('package'),
  read: readGrype,
});

/** It never says how many packages it looked at. */
async function* readGrype(source: ReportSource): AsyncGenerator<Fact> {
  for await (const part of jsonElements(source.chunks(), LISTS)) {
    if (part.kind === 'rest') yield* factsOf(parseGrype(documentSchema, part.read(), 'It'));
    else if (part.place[0] === 'alertsByPackage') {
      for (const finding of alertsOf(part.read())) yield { kind: 'finding', ...finding };
    } else {
      yield { kind: 'finding', ...findingOf(part.read(), part.place[0] === 'ignoredMatches') };
    }
  }
}

const LISTS = [['matches'], ['ignoredMatches'], ['alertsByPackage']];

/** Go's way of saying when; its zone may be any. */
const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const documentSchema = z.object({
  matches: z.array(z.unknown()),
  ignoredMatches: z.array(z.unknown()).nullish(),
  alertsByPackage: z.array(z.unknown()).nullish(),
  descriptor: z.object({
    name: z.literal('grype'),
    version: z.string(),
    db: z
      .object({
        /** Of schemas before 6, what `status` holds stood here. */
        built: moment.optional(),
        error: z.unknown().optional(),
        status: z
          .object({
            built: moment.optional(),
            valid: z.boolean().optional(),
            error: z.string().nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
});

function* factsOf({ descriptor }: z.output<typeof documentSchema>): Generator<Fact> {
  const { db, version } = descriptor;
  yield { kind: 'tool', name: 'Grype', version };
  const builtAtMs = db?.status?.built ?? db?.built;
  if (builtAtMs !== undefined) yield { kind: 'database', name: "Grype's database", builtAtMs };
  const error = db?.status?.error ?? db?.error;
  if (db?.status?.valid === false || (error !== undefined && error !== null && error !== '')) {
    const words = typeof error === 'string' && error !== '' ? error : 'it does not say why';
    yield { kind: 'incomplete', message: `Its database is not valid: ${words}` };
  }
}
