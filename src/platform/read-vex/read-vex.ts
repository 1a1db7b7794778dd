/** Reads statements on vulnerabilities (VEX): OpenVEX 0.2 and CycloneDX in JSON, whole. */
import { operationalError } from '../../core/operational-error.ts';
import type { VexStatement } from '../../core/validation/vex.ts';
import { jsonElements } from '../json-elements.ts';
import { cyclonedxStatements } from './cyclonedx-statements.ts';
import { openvexStatements } from './openvex-statements.ts';

/**
 * `product`: package URL of what is released here; null when nobody has declared it. Throws `report-invalid` for what is of
 * neither format, is cut off, or states nothing.
 */
export async function readVex(
  chunks: AsyncIterable<Buffer>,
  product: string | null,
): Promise<readonly VexStatement[]> {
  let document: unknown = null;
  for await (const part of jsonElements(chunks, [])) document = part.read();
  const statements = statementsOf(document, product);
  if (statements.length > 0) return statements;
  throw operationalError('report-invalid', 'It states of no vulnerability whether it matters.');
}

function statementsOf(document: unknown, own: string | null): readonly VexStatement[] {
  if (has(document, '@context')) return openvexStatements(document, own);
  if (has(document, 'bomFormat')) return cyclonedxStatements(document, own);
  const what = has(document, 'document') ? 'CSAF is not read' : 'It is no VEX';
  throw operationalError('report-invalid', `${what}: only OpenVEX and CycloneDX in JSON are.`);
}

function has(document: unknown, key: string): boolean {
  return typeof document === 'object' && document !== null && Object.hasOwn(document, key);
}
