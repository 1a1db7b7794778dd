/** The early hints that a client gets, made from the 103 of an endpoint. */
import type { ExchangeRequest } from './exchange-request.ts';
import { returnedHead } from './returned-headers.ts';

/**
 * What Node's `writeEarlyHints` takes for a link, but for some odd ones. Node's own pattern may search
 * for longer than anybody lives before it refuses a link, and all clients would wait with it; what
 * this one lets pass is found there at once.
 */
const LINK = /^<[^>\r\n]*>(?:\s*;\s*[^;="\s]+(?:=(?:"[^;"\s]*"|[^;"\s]*))?)*$/;

export type EarlyHints = Readonly<Record<string, string | string[]>> & { readonly link: string[] };

export function passEarlyHints(
  { message, response }: Pick<ExchangeRequest, 'message' | 'response'>,
  rawHeaders: readonly Buffer[],
): void {
  if (message.httpVersion === '1.0') return;
  try {
    const hints = earlyHintsOf(rawHeaders);
    if (hints !== null) response.writeEarlyHints(hints);
  } catch {
    // A hint is advice: one that Node refuses must not cost the answer behind it.
  }
}

/** Null when there is no link that can be passed on; what else the 103 says is of no use alone. */
export function earlyHintsOf(rawHeaders: readonly Buffer[]): EarlyHints | null {
  const { headers } = returnedHead(rawHeaders);
  const link: string[] = [];
  // Without a prototype, whose names an endpoint could send.
  const others = Object.create(null) as Record<string, string[]>;
  for (let index = 0; index < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase();
    const value = headers[index + 1] ?? '';
    if (name === 'link') link.push(...linksOf(value).filter((one) => LINK.test(one)));
    else others[name] = [...(others[name] ?? []), value];
  }
  return link.length === 0 ? null : Object.assign(others, { link });
}

/** The links of one header: commas part them, but not within `<…>` or quotes. */
function linksOf(value: string): string[] {
  const links: string[] = [];
  let start = 0;
  let closing: '>' | '"' | null = null;
  for (let index = 0; index < value.length; index += 1) {
    const character = value[index];
    if (closing !== null) {
      if (closing === '"' && character === '\\') index += 1;
      else if (character === closing) closing = null;
    } else if (character === '<') closing = '>';
    else if (character === '"') closing = '"';
    else if (character === ',') {
      links.push(value.slice(start, index).trim());
      start = index + 1;
    }
  }
  links.push(value.slice(start).trim());
  return links;
}
