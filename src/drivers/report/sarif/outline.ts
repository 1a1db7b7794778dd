/** All of a SARIF document but its results: who wrote it, by which rules, on what, and whether it went well. */
import { z } from 'zod';
import { jsonElements } from '../../../platform/json-elements.ts';
import type { ReportSource } from '../../contract.ts';
import { parseSarif } from './parse-sarif.ts';

export interface RunOutline {
  readonly tool: { readonly name: string; readonly version: string | null };
  /** Those of the tool itself, then of each of its extensions. */
  readonly rules: readonly (readonly SarifRule[])[];
  /** Null when the tool lists none. */
  readonly artifacts: readonly string[] | null;
  /** What the tool could not do. */
  readonly failures: readonly string[];
}

const levelSchema = z.enum(['none', 'note', 'warning', 'error']);

const ruleSchema = z.object({
  id: z.string(),
  defaultConfiguration: z.object({ level: levelSchema.optional() }).optional(),
  properties: z
    .looseObject({ 'security-severity': z.union([z.string(), z.number()]).optional() })
    .optional(),
});

export type SarifRule = z.output<typeof ruleSchema>;

const componentSchema = z.object({
  name: z.string(),
  version: z.string().optional(),
  semanticVersion: z.string().optional(),
  rules: z.array(ruleSchema).optional(),
});

const messageSchema = z.object({ text: z.string().optional() }).optional();

const notificationSchema = z.object({ level: levelSchema.optional(), message: messageSchema });

const runSchema = z.object({
  tool: z.object({ driver: componentSchema, extensions: z.array(componentSchema).optional() }),
  artifacts: z.array(z.unknown()).optional(),
  /** Missing when the run had no chance to find anything. */
  results: z.array(z.unknown()).optional(),
  invocations: z
    .array(
      z.object({
        executionSuccessful: z.boolean(),
        toolExecutionNotifications: z.array(notificationSchema).optional(),
        toolConfigurationNotifications: z.array(notificationSchema).optional(),
      }),
    )
    .optional(),
});

const documentSchema = z.object({
  version: z.literal('2.1.0'),
  runs: z.array(runSchema).min(1, { error: 'there is no run in it' }),
});

const artifactSchema = z.object({ location: z.object({ uri: z.string().optional() }).optional() });

/** Where results are, which are no part of the outline. */
export const RESULTS = ['runs', '*', 'results'];
const ARTIFACTS = ['runs', '*', 'artifacts'];

/** Throws `report-invalid` for what is no whole document of the format. */
export async function outlineOf(source: ReportSource): Promise<readonly RunOutline[]> {
  const artifacts: string[][] = [];
  let document: unknown = null;
  for await (const part of jsonElements(source.chunks(), [RESULTS, ARTIFACTS])) {
    if (part.kind === 'rest') document = part.read();
    else if (part.place[2] === 'artifacts') {
      const run = Number(part.place[1]);
      (artifacts[run] ??= []).push(artifactSchema.safeParse(part.read()).data?.location?.uri ?? '');
    }
  }
  const { runs } = parseSarif(documentSchema, document, 'It');
  return runs.map((run, at) => runOutline(run, artifacts[at] ?? []));
}

function runOutline(run: z.output<typeof runSchema>, artifacts: readonly string[]): RunOutline {
  const { driver, extensions = [] } = run.tool;
  const failures = (run.invocations ?? []).flatMap((invocation) => [
    ...(invocation.executionSuccessful ? [] : ['The tool says that its run has failed']),
    ...[
      ...(invocation.toolExecutionNotifications ?? []),
      ...(invocation.toolConfigurationNotifications ?? []),
    ]
      .filter(({ level }) => level === 'error')
      .map(({ message }) => message?.text ?? 'an error without a message'),
  ]);
  return {
    tool: { name: driver.name, version: driver.version ?? driver.semanticVersion ?? null },
    rules: [driver, ...extensions].map(({ rules = [] }) => rules),
    artifacts: run.artifacts ? artifacts : null,
    failures: run.results ? failures : [...failures, 'The run has no list of results'],
  };
}
