import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { configJsonSchema } from '../../config/config-json-schema.ts';
import { projectPacks } from '../../config/packs/packs.ts';
import { validationLines } from '../../config/packs/render-validation.ts';
import { starterConfig } from '../../config/starter-config.ts';
import { configPathOf, type CliSession, type RegisterCommand } from '../cli-session.ts';
import { canAsk } from '../confirm.ts';
import { exitCode } from '../exit-code.ts';
import { askForStarter } from '../ask-for-starter.ts';
import { projectFacts } from '../project-facts.ts';
import { jsonLine } from '../render/escape-text.ts';
import { starterValues, type StarterOptions } from '../starter-values.ts';
import { usageError } from '../usage-error.ts';

interface InitOptions extends StarterOptions {
  readonly force?: true;
}

/** Writes a first surefoot.yaml and the schema for editors; overwrites nothing unasked. */
export const registerInit: RegisterCommand = (program, perform) => {
  const command = program
    .command('init')
    .description('write a first surefoot.yaml; asks on a terminal for what is not given')
    .option('--system <name>', 'name of the whole')
    .option('--service <name>', 'name of the deployable part')
    .option('--command <words>', 'how an instance is started, like "node server.js"')
    .option('--port <number>', 'where clients connect, on 127.0.0.1')
    .option('--force', 'overwrite what is there');
  perform<InitOptions>(command, async (session, options) => {
    const path = configPathOf(session);
    const schemaPath = join(dirname(path), 'surefoot.schema.json');
    if (!options.force) refuseExisting([path, schemaPath]);
    const isWhole = options.command !== undefined && options.service !== undefined;
    const given = { system: basename(dirname(path)), ...options };
    const answered = isWhole || !canAsk(session) ? given : await askForStarter(session, given);
    if (answered === null) return exitCode.interrupted;
    const values = starterValues(answered);
    const facts = await projectFacts(session, projectPacks);
    const offers = projectPacks.flatMap((pack) => pack.offersFor(facts));
    const validation = validationLines(offers);
    await write(session, path, starterConfig({ ...values, validation }));
    const schema = configJsonSchema(session.environment.drivers);
    await write(session, schemaPath, `${JSON.stringify(schema, null, 2)}\n`);
    const { flags, output } = session;
    if (flags.json) output.result(jsonLine({ written: [path, schemaPath] }));
    else output.result(`Wrote ${path} and ${schemaPath}.`, 'Next: surefoot validate');
    return exitCode.done;
  });
};

function refuseExisting(paths: readonly string[]): void {
  const existing = paths.filter((path) => existsSync(path));
  if (existing.length === 0) return;
  throw usageError(
    `${existing.join(' and ')} ${existing.length === 1 ? 'exists' : 'exist'} already; --force overwrites.`,
  );
}

async function write(session: CliSession, path: string, text: string): Promise<void> {
  session.signal.throwIfAborted();
  try {
    await writeFile(path, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError(`${path} cannot be written: ${reason}.`);
  }
}
