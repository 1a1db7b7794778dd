/**
 * Reads an XML document whole, as tools write reports, strictly: what is cut off or no XML is refused, and so is a
 * document type of its own, with which entities could be declared.
 */
import { isUtf8 } from 'node:buffer';
import sax from 'sax';
import { OperationalError, operationalError } from '../core/operational-error.ts';

export interface XmlElement {
  /** Without the prefix of a name space. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Of itself, without that of its children. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** Entities are those of XML alone. */
const OPTIONS = { trim: true, strictEntities: true };
const BYTES_MAX = 64 * 1024 * 1024;
const DEPTH_MAX = 200;

/** The root element, by one of these names. Throws `report-invalid`, with the place. */
export async function readXml(
  chunks: AsyncIterable<Buffer>,
  names: readonly string[],
): Promise<XmlElement> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > BYTES_MAX) throw invalid(`is longer than ${BYTES_MAX} bytes`);
    parts.push(chunk);
  }
  const whole = Buffer.concat(parts);
  if (!isUtf8(whole)) throw invalid('is not in UTF-8');
  const root = rootOf(whole.toString('utf8'));
  if (names.includes(root.name)) return root;
  throw invalid(`begins with ${root.name}, not with ${names.join(' or ')}`);
}

function rootOf(text: string): XmlElement {
  const parser = sax.parser(true, OPTIONS);
  const open: OpenElement[] = [];
  const roots: XmlElement[] = [];
  const fail = (what: string): never => {
    throw invalid(`${what}, in line ${parser.line + 1}, column ${parser.column}`);
  };
  const addText = (more: string): void => {
    const at = open.at(-1);
    if (at) at.text += more;
  };
  parser.onerror = ({ message }) => fail(`is no XML: ${message.split('\n')[0] ?? ''}`);
  // One that is only named is fetched by nobody.
  parser.ondoctype = (type) => {
    if (type.includes('[')) fail('declares a document type of its own');
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  parser.onopentag = ({ name, attributes }) => {
    if (open.length >= DEPTH_MAX) fail(`is nested deeper than ${DEPTH_MAX} levels`);
    const plain = attributes as Record<string, string>;
    open.push({ name: localName(name), attributes: plain, children: [], text: '' });
  };
  parser.onclosetag = () => {
    const element = open.pop();
    if (!element) return;
    (open.at(-1)?.children ?? roots).push(element);
  };
  try {
    parser.write(text.replace(/^\uFEFF/, '')).close();
  } catch (error) {
    if (error instanceof OperationalError) throw error;
    throw invalid(`is no XML: ${error instanceof Error ? error.message : String(error)}`);
  }
  return roots[0] ?? fail('has no element');
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function invalid(what: string): OperationalError {
  return operationalError('report-invalid', `It ${what}.`);
}
