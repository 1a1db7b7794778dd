/** Report `retire`: vulnerable libraries in the files of a page, as retire.js writes them with `--outputformat json`. */
import { z } from 'zod';
import { findingsAsked } from '../../../core/validation/asked/findings-asked.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { packagePlaces } from '../../../core/validation/package-places.ts';
import { levelOfSeverity } from '../../../core/validation/severity.ts';
import { vulnerabilityNames } from '../../../core/validation/vulnerability-names.ts';
import { jsonElements } from '../../../platform/json-elements.ts';
import { parseReportPart } from '../../../platform/parse-report-part.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const retireReport = reportDriver({
  id: 'retire',
  summary: 'Vulnerable libraries found by retire.js.',
  asks: findingsAsked('package'),
  read: readRetire,
});

const identifier = z.union([z.string(), z.number()]).optional();

const vulnerabilitySchema = z.object({
  severity: z.string().optional(),
  identifiers: z.object({
    summary: z.string().optional(),
    CVE: z.array(z.string()).optional(),
    githubID: z.string().optional(),
    ...{
      retid: identifier,

      bug: identifier,
      issue: identifier,
      PR: identifier,
    },
  }),
});

const componentSchema = z.object({
  component: z.string().min(1),
  version: z.string(),
  vulnerabilities: z.array(vulnerabilitySchema).optional(),
});

type Component = z.output<typeof componentSchema>;

const fileSchema = z.object({ file: z.string(), results: z.array(componentSchema) });

const documentSchema = z.object({
  version: z.string(),
  data: z.array(z.unknown()),
  errors: z.array(z.unknown()),
});

async function* readRetire(source: ReportSource): AsyncGenerator<Fact> {
  let components = 0;
  for await (const part of jsonElements(source.chunks(), [['data']])) {
    if (part.kind === 'rest') {
      const { version, errors } = parsed(documentSchema, part.read(), 'It');
      yield { kind: 'tool', name: 'retire.js', version };
      for (const error of errors) yield { kind: 'incomplete', message: wordsOf(error) };
    } else {
      const { file, results } = parsed(fileSchema, part.read(), 'A file of it');
      components += results.length;
      for (const component of results) yield* findingsOf(component, file);
    }
  }
  // Without --verbose it lists none but the vulnerable ones: then nothing says that it looked at any.
  if (components > 0) yield { kind: 'covered', unit: 'package', count: components };
}

function parsed<Value>(schema: z.ZodType<Value>, part: unknown, what: string): Value {
  return parseReportPart(schema, part, { what, format: 'report of retire.js' });
}

function wordsOf(error: unknown): string {
  return typeof error === 'string' ? error : JSON.stringify(error);
}

function* findingsOf(
  { component: name, version, vulnerabilities = [] }: Component,
  file: string,
): Generator<Fact> {
  for (const { severity, identifiers } of vulnerabilities) {
    const { CVE = [], githubID = '', retid, bug, issue, PR, summary = '' } = identifiers;
    const [own] = [retid, bug, issue, PR].filter((id) => id !== undefined);
    // Numbers of issues are no names outside of the library whose they are.
    const named = own === undefined ? [] : [`${name} ${own}`];
    const ids = [...CVE, githubID];
    yield {
      ...{ kind: 'finding', ...vulnerabilityNames(ids.some((id) => id !== '') ? ids : named) },
      ...{ level: levelOfSeverity(severity), message: summary, isSuppressed: false },
      // Its names of libraries are those of npm.
      component: { name, version, ecosystem: 'npm' },
      places: packagePlaces({ name, version }, [file]),
    };
  }
}
