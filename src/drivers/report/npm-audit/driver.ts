/** Report `npm-audit`: vulnerabilities of what a lock file names, as `npm audit --json` writes them since npm 7. */
import { z } from 'zod';
import { operationalError } from '../../../core/operational-error.ts';
import { findingsAsked } from '../../../core/validation/asked/findings-asked.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { packagePlaces } from '../../../core/validation/package-places.ts';
import { levelOfSeverity } from '../../../core/validation/severity.ts';
import { vulnerabilityNames } from '../../../core/validation/vulnerability-names.ts';
import { jsonElements } from '../../../platform/json-elements.ts';
import { parseReportPart } from '../../../platform/parse-report-part.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const npmAuditReport = reportDriver({
  id: 'npm-audit',
  summary: 'Vulnerabilities found by npm audit.',
  asks: findingsAsked('package'),
  read: readNpmAudit,
});

const count = z.int().min(0);

const advisorySchema = z.object({
  source: z.union([z.string(), z.number()]),
  name: z.string(),
  title: z.string(),
  url: z.string().nullish(),
  severity: z.string(),
  cvss: z.object({ score: z.number().optional() }).nullish(),
});

type Advisory = z.output<typeof advisorySchema>;

const packageSchema = z.object({
  /** Advisories of its own, and names of packages by which it is concerned. */
  via: z.array(z.union([z.string(), advisorySchema])).min(1),
  range: z.string(),
  nodes: z.array(z.string()),
});

type VulnerablePackage = z.output<typeof packageSchema>;

const documentSchema = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(z.string(), packageSchema),
  metadata: z.object({
    vulnerabilities: z.object({ total: count }),
    dependencies: z.object({ total: count }),
  }),
});

async function* readNpmAudit(source: ReportSource): AsyncGenerator<Fact> {
  let document: unknown = null;
  for await (const part of jsonElements(source.chunks(), [])) {
    if (part.kind === 'rest') document = part.read();
  }
  refuseError(document);
  refuseOld(document);
  const what = { what: 'It', format: 'report of npm audit' };
  const { vulnerabilities, metadata } = parseReportPart(documentSchema, document, what);
  refuseContradictions(vulnerabilities, metadata.vulnerabilities.total);
  yield { kind: 'tool', name: 'npm audit', version: null };
  yield { kind: 'covered', unit: 'package', count: metadata.dependencies.total };
  for (const each of Object.values(vulnerabilities)) {
    for (const advisory of advisoriesOf(each)) yield findingOf(advisory, each);
  }
}

const errorSchema = z.object({
  message: z.string().optional(),
  error: z.looseObject({ summary: z.string().optional(), code: z.string().optional() }),
});

/** What npm writes in place of a report, with an exit code that is no other than with findings. */
function refuseError(document: unknown): void {
  const { data } = errorSchema.safeParse(document);
  if (!data) return;
  const { message, error } = data;
  const words = [message, error.summary, error.code].find((text) => text) ?? 'it does not say why';
  throw operationalError('report-invalid', `npm audit has failed: ${words}`);
}

function refuseOld(document: unknown): void {
  if (typeof document !== 'object' || document === null) return;
  if (!('advisories' in document) || 'auditReportVersion' in document) return;
  const reason = 'It is a report of npm 6 or pnpm; npm 7 and later write the version that is read.';
  throw operationalError('report-invalid', reason);
}

function refuseContradictions(
  vulnerabilities: Readonly<Record<string, VulnerablePackage>>,
  total: number,
): void {
  const packages = Object.values(vulnerabilities);
  if (packages.length !== total) {
    const told = `It lists ${packages.length} vulnerable packages and says that there are ${total}.`;
    throw operationalError('report-invalid', told);
  }
  const unknown = packages
    .flatMap(({ via }) => via)
    .find((by) => typeof by === 'string' && !Object.hasOwn(vulnerabilities, by));
  if (typeof unknown === 'string') {
    throw operationalError('report-invalid', `It does not list ${unknown}, by which others are.`);
  }
  if (total > 0 && packages.every((each) => advisoriesOf(each).length === 0)) {
    throw operationalError('report-invalid', 'It lists vulnerable packages, and why none of them.');
  }
}

/** What a package is only concerned by is found at the package that has it. */
function advisoriesOf({ via }: VulnerablePackage): readonly Advisory[] {
  const own = via.filter((by) => typeof by !== 'string');
  return own.filter(({ source }, at) => own.findIndex((each) => each.source === source) === at);
}

function findingOf(advisory: Advisory, { nodes, range }: VulnerablePackage): Fact {
  const { source, name, title, url, severity, cvss } = advisory;
  const [ghsa = ''] = /GHSA(?:-\w{4}){3}/.exec(url ?? '') ?? [];
  return {
    ...{ kind: 'finding', ...vulnerabilityNames([String(source), ghsa]), message: title },
    level: levelOfSeverity(severity, [cvss?.score ?? 0]),
    // It says where the package lies and which versions are concerned, not which one it is.
    component: { name, version: range, ecosystem: 'npm' },
    places: packagePlaces({ name, version: null }, nodes),
    isSuppressed: false,
  };
}
