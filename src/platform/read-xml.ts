/**
 * Reads XML as tools write reports, whole or in the memory of one element, strictly: what is cut off or no XML is
 * refused, and so is a document type of its own, with which entities could be declared.
 */
import sax from 'sax';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import { beginningOf, EMPTY } from './beginning-of.ts';

export interface XmlTag {
  /** Without the prefix of a name space. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface XmlElement extends XmlTag {
  readonly children: readonly XmlElement[];
  /** Of itself, without that of its children. */
  readonly text: string;
}

export interface XmlPart {
  readonly element: XmlElement;
  /** The tags that it stands in, from the root down. */
  readonly within: readonly XmlTag[];
}

export interface XmlChoice {
  /** One of them is the name of the root. */
  readonly roots: readonly string[];
  /** Whether an element is handed out; those in it are its children. `within`: what it stands in; only to look at. */
  readonly isChosen: (tag: XmlTag, within: readonly XmlTag[]) => boolean;
  /** Whether the end of an element is told that is not chosen: as one without children and text. */
  readonly isEndTold?: (tag: XmlTag, within: readonly XmlTag[]) => boolean;
  /** Of one that is chosen, and of all that lies between two tags. */
  readonly charactersMax?: number;
}

/** Entities are those of XML alone. */
const OPTIONS = { trim: true, strictEntities: true };
const MIB = 1024 * 1024;
const WHOLE_MAX = 64 * MIB;
const ELEMENT_MAX = 8 * MIB;
const DEPTH_MAX = 200;
/** So much of a document is shown of what is no XML. */
const HEAD_LENGTH = 100;

/** The root element with all that is in it. Throws `report-invalid`, with the place. */
export async function readXml(
  chunks: AsyncIterable<Buffer>,
  names: readonly string[],
): Promise<XmlElement> {
  const choice = { roots: names, isChosen: () => true, charactersMax: WHOLE_MAX };
  const roots: XmlElement[] = [];
  // To the end, for what stands behind the root.
  for await (const { element } of xmlElements(chunks, choice)) roots.push(element);
  return roots[0] ?? nothing('');
}

/**
 * The chosen elements of a document of any length, one by one. Throws `report-invalid`, with the place, at the latest
 * in the end: only who has them all knows that nothing is cut off.
 */
export async function* xmlElements(
  chunks: AsyncIterable<Buffer>,
  choice: XmlChoice,
): AsyncGenerator<XmlPart> {
  const reading = newReading(choice);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of chunks) {
    const text = decoded(decoder, chunk);
    if (reading.head.length < HEAD_LENGTH) reading.head += text.slice(0, HEAD_LENGTH).trimStart();
    feed(reading, () => reading.parser.write(text));
    refuseLong(reading);
    yield* reading.ready.splice(0);
  }
  feed(reading, () => reading.parser.write(decoded(decoder, null)).close());
  if (!reading.hasRoot) nothing(reading.head);
  yield* reading.ready.splice(0);
}

interface OpenElement extends XmlTag {
  /** Null outside of what is chosen. */
  readonly children: XmlElement[] | null;
  text: string;
}

interface Reading {
  readonly parser: sax.SAXParser;
  readonly choice: XmlChoice;
  readonly open: OpenElement[];
  readonly ready: XmlPart[];
  /** How the document begins, without white space before it. */
  head: string;
  hasRoot: boolean;
  /** Where the chosen element began that is open, or the last tag ended. */
  since: number;
}

function newReading(choice: XmlChoice): Reading {
  const parser = sax.parser(true, OPTIONS);
  // How long a piece may be is held against our own limit; theirs cuts texts in two.
  Object.assign(parser, { bufferCheckPosition: Infinity });
  const reading: Reading = {
    parser,
    choice,
    open: [],
    ready: [],
    head: '',
    hasRoot: false,
    since: 0,
  };
  const addText = (more: string): void => {
    const at = reading.open.at(-1);
    if (at?.children) at.text += more;
  };
  parser.onerror = ({ message }) => failAs(reading, message);
  // One that is only named is fetched by nobody.
  parser.ondoctype = (type) => {
    if (type.includes('[')) fail(reading, 'declares a document type of its own');
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  const asked = refusingTwice(reading);
  parser.onopentagstart = (tag) => {
    tag.attributes = Object.create(asked) as Record<string, never>;
  };
  parser.onopentag = ({ name, attributes }) => {
    const plain = { ...(attributes as Record<string, string>) };
    openElement(reading, { name: localName(name), attributes: plain });
  };
  parser.onclosetag = () => closeElement(reading);
  return reading;
}

/**
 * What the attributes of a tag inherit: the parser asks them whether they have one before it adds it, and leaves out what
 * stands there twice.
 */
function refusingTwice(reading: Reading): object {
  return Object.assign(Object.create(null) as object, {
    hasOwnProperty(this: object, name: string): boolean {
      if (Object.hasOwn(this, name)) fail(reading, `has the attribute ${name} twice in one tag`);
      return false;
    },
  });
}

function openElement(reading: Reading, tag: XmlTag): void {
  const { open, choice, parser } = reading;
  if (open.length >= DEPTH_MAX) fail(reading, `is nested deeper than ${DEPTH_MAX} levels`);
  if (open.length === 0 && reading.hasRoot) fail(reading, 'has a second root');
  if (open.length === 0 && !choice.roots.includes(tag.name)) {
    throw invalid(`begins with ${tag.name}, not with ${choice.roots.join(' or ')}`);
  }
  reading.hasRoot = true;
  const isInside = Boolean(open.at(-1)?.children);
  if (!isInside) reading.since = parser.position;
  const isKept = isInside || choice.isChosen(tag, open);
  open.push({ ...tag, children: isKept ? [] : null, text: '' });
}

function closeElement(reading: Reading): void {
  const { open, ready, parser, choice } = reading;
  const closed = open.pop();
  const parent = open.at(-1);
  if (!parent?.children) reading.since = parser.position;
  if (!closed || (!closed.children && !choice.isEndTold?.(closed, open))) return;
  const { name, attributes, children, text } = closed;
  const element = { name, attributes, children: children ?? [], text };
  if (parent?.children) parent.children.push(element);
  else ready.push({ element, within: open.map(tagOf) });
}

function tagOf({ name, attributes }: XmlTag): XmlTag {
  return { name, attributes };
}

function refuseLong(reading: Reading): void {
  const { charactersMax = ELEMENT_MAX } = reading.choice;
  if (reading.parser.position - reading.since > charactersMax) {
    fail(reading, `has a part longer than ${charactersMax} characters`);
  }
}

function feed(reading: Reading, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof OperationalError) throw error;
    failAs(reading, error instanceof Error ? error.message : String(error));
  }
}

function decoded(decoder: InstanceType<typeof TextDecoder>, chunk: Buffer | null): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw invalid('is not in UTF-8');
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function fail({ parser }: Reading, what: string): never {
  throw invalid(`${what}, in line ${parser.line + 1}, column ${parser.column}`);
}

/** `message`: what the parser says. */
function failAs(reading: Reading, message: string): never {
  if (reading.head !== '' && !reading.head.startsWith('<')) {
    const { shown, remedy } = beginningOf(reading.head);
    throw operationalError('report-invalid', `It is no XML: ${shown}. ${remedy}`);
  }
  const [reason = ''] = message.split('\n');
  fail(reading, `is no XML: ${reason.replace(/\.$/, '')}`);
}

function nothing(head: string): never {
  if (head === '') throw operationalError('report-invalid', EMPTY);
  throw invalid('has no element');
}

function invalid(what: string): OperationalError {
  return operationalError('report-invalid', `It ${what}.`);
}
