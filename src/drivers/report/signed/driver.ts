/** Report `signed`: what people have found and stand for by their signature, with it behind the text. */
import { createHash } from 'node:crypto';
import { operationalError } from '../../../core/operational-error.ts';
import { signedAsked, type SignedConfig } from '../../../core/validation/asked/signed-asked.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { sshKeyOf } from '../../../core/validation/ssh-key.ts';
import { readText } from '../../../platform/read-text.ts';
import type { Driver, ReportSource } from '../../contract.ts';
import { verifiedSshSignature } from './ssh-signature.ts';
import { statementIn } from './statement-in.ts';

export const signedReport: Driver<'report', SignedConfig> = {
  ...{ kind: 'report', id: 'signed', config: signedAsked.config, capabilities: new Set() },
  summary: 'A report that a person has written and signed, as one of a penetration test.',
  connect: (config) => ({
    rule: signedAsked.ruleOf(config),
    read: (source) => readSigned(source, config),
  }),
};

const BYTES_MAX = 16 * 1024 * 1024;
/** One that was made for something else counts for nothing here. */
const NAMESPACE = 'surefoot-report';
const BEGIN = '-----BEGIN SSH SIGNATURE-----';

async function* readSigned(source: ReportSource, { signers }: SignedConfig): AsyncGenerator<Fact> {
  const chunks: Buffer[] = [];
  const whole = await readText(kept(source.chunks(), chunks), BYTES_MAX);
  const bytes = Buffer.concat(chunks);
  const at = bytes.lastIndexOf(BEGIN);
  if (at < 0) throw invalid('No signature stands behind it');
  const text = bytes.subarray(0, at);
  const found = verifiedSshSignature(bytes.subarray(at).toString('latin1'), text);
  if (!found) throw invalid('Its signature is not one of this text, by a key of Ed25519');
  if (found.namespace !== NAMESPACE) {
    throw invalid(`Its signature was made for "${found.namespace}", not for ${NAMESPACE}`);
  }
  const key = signers.map(sshKeyOf).find((signer) => signer?.blob === found.blob);
  if (!key) throw invalid(`Its signature is by ${fingerprint(found.blob)}, who is no signer`);
  const signer = key.name === '' ? fingerprint(key.blob) : key.name;
  yield { kind: 'statement', ...statementIn(whole.slice(0, whole.lastIndexOf(BEGIN))), signer };
}

async function* kept(chunks: AsyncIterable<Buffer>, all: Buffer[]): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    all.push(chunk);
    yield chunk;
  }
}

/** As `ssh-keygen -l` shows it. */
function fingerprint(blob: string): string {
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

function invalid(message: string): Error {
  return operationalError(
    'report-invalid',
    `${message}. Sign it by: ssh-keygen -Y sign -n ${NAMESPACE} -f <key> <file>.`,
  );
}
