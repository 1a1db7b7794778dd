/** Everything under docs/reference that is written from code and never by hand. */
import { openApiDocument } from '../../src/api/open-api-document.ts';
import { configJsonSchema } from '../../src/config/config-json-schema.ts';
import { builtInDrivers } from '../../src/drivers/registry.ts';
import { packageVersion } from '../../src/platform/package-version.ts';
import { renderConfigReference } from './render-config-reference.ts';
import { expectedJudgements } from '../../test/migrations/expected-judgements.ts';
import { renderFailureReference } from './render-failure-reference.ts';
import { renderMigrationReference } from './render-migration-reference.ts';

export interface GeneratedDocument {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

export function generatedDocuments(): readonly GeneratedDocument[] {
  const schema = configJsonSchema(builtInDrivers);
  return [
    { path: 'docs/reference/config.md', text: renderConfigReference(schema) },
    {
      path: 'docs/reference/surefoot.schema.json',
      text: `${JSON.stringify(schema, null, 2)}\n`,
    },
    {
      path: 'docs/reference/openapi.json',
      text: `${JSON.stringify(openApiDocument(packageVersion()), null, 2)}\n`,
    },
    { path: 'docs/reference/failures.md', text: renderFailureReference() },
    {
      path: 'docs/reference/migrations.md',
      text: renderMigrationReference(expectedJudgements),
    },
  ];
}
