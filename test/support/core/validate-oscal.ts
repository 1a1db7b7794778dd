/** Holds a document against the JSON schema of OSCAL assessment results, version 1.1.3, by NIST. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, 'oscal-assessment-results-1.1.3.json'), 'utf8'),
) as object;

const ajv = new Ajv({
  ...{ allErrors: true, strict: false },
  formats: {
    uri: (text: string) => URL.canParse(text),
    'uri-reference': (text: string) => URL.canParse(text, 'https://surefoot.example/'),
    'date-time': (text: string) => !Number.isNaN(Date.parse(text)),
    email: /^\S+@\S+$/,
  },
});
const validate = ajv.compile(schema);

/** What is wrong with it, a line each. */
export function oscalFaults(document: unknown): readonly string[] {
  if (validate(document)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
