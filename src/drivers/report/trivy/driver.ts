/** Report `trivy`: what Trivy found, as it writes it with `--format json`, of any length. */
import { z } from 'zod';
import { operationalError } from '../../../core/operational-error.ts';
import { findingsAsked } from '../../../core/validation/asked/findings-asked.ts';
import type { Fact, Finding } from '../../../core/validation/fact.ts';
import { jsonElements } from '../../../platform/json-elements.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import {
  licenceFinding,
  misconfigurationFinding,
  secretFinding,
  vulnerabilityFinding,
} from './finding-of.ts';
import { LIST_PATHS, outlineOf, parseTrivy, type TrivyList, type TrivyOutline } from './outline.ts';

export const trivyReport = reportDriver({
  id: 'trivy',
  summary: 'Vulnerabilities, misconfigurations, secrets and licences found by Trivy.',
  asks: findingsAsked('package'),
  read: readTrivy,
});

/** Twice: of which target a list is may stand behind it. */
async function* readTrivy(source: ReportSource): AsyncGenerator<Fact> {
  const outline = await outlineOf(source);
  yield { kind: 'tool', name: 'Trivy', version: outline.Trivy?.Version ?? null };
  let packages = 0;
  const failures = new Map<number, number>();
  for await (const part of jsonElements(source.chunks(), LIST_PATHS)) {
    if (part.kind === 'rest') continue;
    const at = Number(part.place[1]);
    const list = part.place[2] as TrivyList;
    if (list === 'Packages') {
      parseTrivy(packageSchema, part.read(), 'A package');
      packages += 1;
      continue;
    }
    const finding = findingIn(list, part.read(), outline.Results?.[at]?.Target ?? '');
    if (finding === null) continue;
    if (list === 'Misconfigurations' && !finding.isSuppressed) {
      failures.set(at, (failures.get(at) ?? 0) + 1);
    }
    yield { kind: 'finding', ...finding };
  }
  refuseContradictions(outline, failures);
  // Without --list-all-pkgs it lists none: then nothing says that it looked at any.
  if (packages > 0) yield { kind: 'covered', unit: 'package', count: packages };
}

const packageSchema = z.object({ Name: z.string().min(1) });

function findingIn(
  list: Exclude<TrivyList, 'Packages'>,
  part: unknown,
  target: string,
): Finding | null {
  switch (list) {
    case 'Vulnerabilities':
      return vulnerabilityFinding(part, target);
    case 'Misconfigurations':
      return misconfigurationFinding(part, target);
    case 'Secrets':
      return secretFinding(part, target);
    case 'Licenses':
      return licenceFinding(part, target);
    case 'ExperimentalModifiedFindings':
      return modifiedFinding(part, target);
  }
}

const modifiedSchema = z.object({
  Type: z.enum(['vulnerability', 'misconfiguration', 'secret', 'license']),
  Status: z.string(),
  Finding: z.unknown(),
});

const MODIFIED = {
  vulnerability: 'Vulnerabilities',
  misconfiguration: 'Misconfigurations',
  secret: 'Secrets',
  license: 'Licenses',
} as const;

/** What an ignore file, a policy or VEX took off the lists. */
function modifiedFinding(part: unknown, target: string): Finding | null {
  const { Type, Status, Finding } = parseTrivy(modifiedSchema, part, 'A modified finding');
  const finding = findingIn(MODIFIED[Type], Finding, target);
  return finding && { ...finding, isSuppressed: NO_HARM.has(Status) };
}

const NO_HARM: ReadonlySet<string> = new Set(['ignored', 'not_affected', 'fixed']);

function refuseContradictions(
  { Results }: TrivyOutline,
  failures: ReadonlyMap<number, number>,
): void {
  for (const [at, { Target, MisconfSummary }] of (Results ?? []).entries()) {
    const listed = failures.get(at) ?? 0;
    const told = MisconfSummary?.Failures ?? listed;
    if (told === listed) continue;
    const what = `${Target} has ${told} misconfigurations, of which it lists ${listed}`;
    throw operationalError('report-invalid', `It is no report of Trivy: ${what}.`);
  }
}
