/** What `init` needs to know, from flags and answers. */
import { quoted } from './render/escape-text.ts';
import { numberOption } from './number-option.ts';
import { usageError } from './usage-error.ts';

export interface StarterOptions {
  readonly system?: string;
  readonly service?: string;
  readonly command?: string;
  readonly port?: string;
}

export interface StarterValues {
  readonly system: string;
  readonly service: string;
  readonly command: readonly string[];
  readonly port: number;
}

export const DEFAULT_PORT = '8080';

const NAME = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

export function starterValues(options: StarterOptions): StarterValues {
  const { service, command } = options;
  if (service === undefined) throw usageError('Say what the service is called: --service <name>.');
  if (command === undefined) throw usageError('Say how it is started: --command "node server.js".');
  const words = wordsOf(command);
  if (words.length === 0) throw usageError('--command is empty; write it like "node server.js".');
  return {
    system: nameFrom('--system', options.system ?? service),
    service: nameFrom('--service', service),
    command: words,
    port: numberOption('--port', options.port ?? DEFAULT_PORT, 1, 65_535),
  };
}

/** The nearest allowed name for what a folder is called. */
export function suggestedName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return name === '' ? 'system' : name;
}

export function isName(text: string): boolean {
  return NAME.test(text);
}

function nameFrom(option: string, text: string): string {
  if (isName(text)) return text;
  throw usageError(
    `${option} ${quoted(text)} is not a name; use lower-case letters, digits and hyphens, a letter first.`,
  );
}

/** Words parted by spaces; no shell reads them. */
function wordsOf(command: string): string[] {
  return command.split(/\s+/).filter((word) => word !== '');
}
