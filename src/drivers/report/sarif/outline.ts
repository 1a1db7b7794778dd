/** All of a SARIF document but its results: who wrote it, by which rules, on what, and whether it went well. */
import { z } from 'zod';
import { jsonElements } from '../../../platform/json-elements.ts';
import type { ReportSource } from '../../contract.ts';
import { parseSarif } from './parse-sarif.ts';
import { overrideSchema, raisedRules } from './raised-rules.ts';
import { addArtifact, newArtifacts, type RunArtifacts } from './run-artifacts.ts';
import { ruleBook, type RuleBook } from './rule-of.ts';
import { locationSchema, type SarifBases } from './sarif-location.ts';
import { levelSchema, ruleSchema } from './sarif-rule.ts';

export interface RunOutline {
  readonly tool: { readonly name: string; readonly version: string | null };
  /** As bad as the run was told to take them. */
  readonly rules: RuleBook;
  /** Null when the tool lists none. */
  readonly artifacts: RunArtifacts | null;
  readonly bases: SarifBases;
  /** What the tool could not do. */
  readonly failures: readonly string[];
}

const componentSchema = z.object({
  name: z.string(),
  version: z.string().optional(),
  semanticVersion: z.string().optional(),
  rules: z.array(ruleSchema).optional(),
});

const messageSchema = z.object({ text: z.string().optional() }).optional();

const notificationSchema = z.object({ level: levelSchema.optional(), message: messageSchema });

/** Parts of a run that make its findings fewer or milder where they are missing. */
const externalSchema = z.object({
  results: z.array(z.unknown()).optional(),
  invocations: z.array(z.unknown()).optional(),
  driver: z.unknown().optional(),
  extensions: z.array(z.unknown()).optional(),
});

const runSchema = z.object({
  tool: z.object({ driver: componentSchema, extensions: z.array(componentSchema).optional() }),
  artifacts: z.array(z.unknown()).optional(),
  originalUriBaseIds: z.record(z.string(), locationSchema).optional(),
  /** Missing when the run had no chance to find anything. */
  results: z.array(z.unknown()).optional(),
  externalPropertyFileReferences: externalSchema.optional(),
  invocations: z
    .array(
      z.object({
        executionSuccessful: z.boolean(),
        exitSignalName: z.string().optional(),
        processStartFailureMessage: z.string().optional(),
        ruleConfigurationOverrides: z.array(overrideSchema).optional(),
        toolExecutionNotifications: z.array(notificationSchema).optional(),
        toolConfigurationNotifications: z.array(notificationSchema).optional(),
      }),
    )
    .optional(),
});

const documentSchema = z.object({
  version: z.literal('2.1.0'),
  runs: z.array(runSchema).min(1, { error: 'there is no run in it' }),
  inlineExternalProperties: z.array(externalSchema).optional(),
});

/** What may be long. Results are no part of the outline. */
export const LISTS = [
  ['runs', '*', 'results'],
  ['runs', '*', 'artifacts'],
];

/** Throws `report-invalid` for what is no whole document of the format. */
export async function outlineOf(source: ReportSource): Promise<readonly RunOutline[]> {
  const artifacts = newArtifacts();
  let document: unknown = null;
  for await (const part of jsonElements(source.chunks(), LISTS)) {
    if (part.kind === 'rest') document = part.read();
    else if (part.place[2] === 'artifacts') {
      addArtifact(artifacts, Number(part.place[1]), part.read());
    }
  }
  const { runs, inlineExternalProperties = [] } = parseSarif(documentSchema, document, 'It');
  const outside = inlineExternalProperties.flatMap(partsIn);
  return runs.map((run, at) => runOutline(run, artifacts.runs.get(at) ?? NONE, outside));
}

const NONE: RunArtifacts = { count: 0, locations: [] };

/** `outside`: names of parts that may be of this run, and stand outside of it. */
function runOutline(
  run: z.output<typeof runSchema>,
  artifacts: RunArtifacts,
  outside: readonly string[],
): RunOutline {
  const { driver, extensions = [] } = run.tool;
  const invocations = run.invocations ?? [];
  const failures = invocations.flatMap((invocation) => [
    ...(invocation.executionSuccessful ? [] : ['The tool says that its run has failed']),
    ...(invocation.exitSignalName ? [`It was ended by ${invocation.exitSignalName}`] : []),
    ...(invocation.processStartFailureMessage ? [invocation.processStartFailureMessage] : []),
    ...[
      ...(invocation.toolExecutionNotifications ?? []),
      ...(invocation.toolConfigurationNotifications ?? []),
    ]
      .filter(({ level }) => level === 'error')
      .map(({ message }) => message?.text ?? 'an error without a message'),
  ]);
  return {
    tool: { name: driver.name, version: driver.version ?? driver.semanticVersion ?? null },
    rules: ruleBook(
      raisedRules(
        [driver, ...extensions].map(({ rules = [] }) => rules),
        invocations.flatMap(({ ruleConfigurationOverrides = [] }) => ruleConfigurationOverrides),
      ),
    ),
    artifacts: run.artifacts ? artifacts : null,
    bases: run.originalUriBaseIds ?? {},
    failures: [
      ...failures,
      ...(run.results ? [] : ['The run has no list of results']),
      ...new Set([...partsIn(run.externalPropertyFileReferences ?? {}), ...outside].map(elsewhere)),
    ],
  };
}

function partsIn(external: z.input<typeof externalSchema>): readonly string[] {
  return Object.entries(external).flatMap(([name, part]) =>
    part === undefined || (Array.isArray(part) && part.length === 0) ? [] : [name],
  );
}

function elsewhere(part: string): string {
  return `Its ${part} stand elsewhere, where nobody reads them: write them into the run itself`;
}
