/** The wizard of `init`: asks for what the flags leave open. */
import type { CliSession } from './cli-session.ts';
import {
  DEFAULT_PORT,
  isName,
  starterValues,
  suggestedName,
  type StarterOptions,
} from './starter-values.ts';

/** Null when the person left. */
export async function askForStarter(
  { environment, signal }: CliSession,
  given: StarterOptions,
): Promise<StarterOptions | null> {
  const prompts = await import('@clack/prompts');
  const streams = { input: environment.stdin, output: environment.stderr, signal };
  const ask = async (
    message: string,
    initialValue: string,
    validate: (text: string) => string | undefined,
  ) => {
    const answer = await prompts.text({
      ...streams,
      message,
      initialValue,
      validate: (text) => validate(text ?? ''),
    });
    return prompts.isCancel(answer) ? null : answer;
  };
  const nameFault = (text: string): string | undefined =>
    isName(text) ? undefined : 'Use lower-case letters, digits and hyphens, a letter first.';
  const system = await ask(
    'What is the whole called?',
    suggestedName(given.system ?? ''),
    nameFault,
  );
  if (system === null) return null;
  const service = given.service ?? (await ask('And the part that is deployed?', system, nameFault));
  if (service === null) return null;
  const command =
    given.command ??
    (await ask('How is an instance started? It listens on $PORT.', 'node server.js', (text) =>
      text.trim() === '' ? 'Say at least the program.' : undefined,
    ));
  if (command === null) return null;
  const port =
    given.port ??
    (await ask('Where do clients connect, on 127.0.0.1?', DEFAULT_PORT, (text) => {
      const isPort = /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
      return isPort ? undefined : 'A number from 1 to 65535.';
    }));
  if (port === null) return null;
  const answers = { system, service, command, port };
  starterValues(answers);
  return answers;
}
