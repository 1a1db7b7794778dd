import { checkKeys } from '../../config/packs/check-mapping.ts';
import type { Offer, Pack } from '../../config/packs/pack.ts';
import { packs } from '../../config/packs/packs.ts';
import { suggest } from '../../config/suggest.ts';
import type { CliSession, RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { chooseService, loadProject } from '../load-project.ts';
import { projectFacts } from '../project-facts.ts';
import { jsonLine, quoted } from '../render/escape-text.ts';
import { packLines, packsLines } from '../render/packs-lines.ts';
import { usageError } from '../usage-error.ts';

interface PacksOptions {
  readonly service?: string;
  readonly environment?: string;
}

/** Lists ready-made checks and what fits here, or prints those of a pack to paste; writes nothing. */
export const registerPacks: RegisterCommand = (program, perform) => {
  const command = program
    .command('packs')
    .description('list ready-made checks, or print those of a pack to paste into surefoot.yaml')
    .argument('[pack]', 'the one to print')
    .option('--service <name>', 'the service that they are for; leaves out what it has already')
    .option('--environment <name>', 'the environment whose variables are meant');
  perform<PacksOptions>(command, async (session, options, [id]) => {
    const { flags, output } = session;
    if (id === undefined) {
      if (options.service !== undefined) throw usageError('Say which pack is for the service.');
      const found = await offersOf(session, packs);
      if (flags.json) output.result(jsonLine({ packs: found.map(told) }));
      else output.result(...packsLines(found, output.columns));
      return exitCode.done;
    }
    const declared = await declaredChecks(session, options);
    const [found] = await offersOf(session, [packOf(id)], declared);
    if (found === undefined) return exitCode.done;
    if (flags.json) output.result(jsonLine(told(found)));
    else output.result(...packLines(found.offers, options.service ?? null));
    return exitCode.done;
  });
};

function packOf(id: string): Pack {
  const pack = packs.find((each) => each.id === id);
  if (pack) return pack;
  const ids = packs.map((each) => each.id);
  const meant = suggest(id, ids);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw usageError(`There is no pack ${quoted(id)}; there are: ${ids.join(', ')}.${hint}`);
}

async function declaredChecks(
  session: CliSession,
  { service, environment }: PacksOptions,
): Promise<ReadonlySet<string>> {
  if (service === undefined) return new Set();
  const { config } = await loadProject(session, environment);
  return new Set(Object.keys(chooseService(config, service).service.validation?.checks ?? {}));
}

interface PackOffers {
  readonly pack: Pack;
  readonly offers: readonly Offer[];
}

async function offersOf(
  session: CliSession,
  wanted: readonly Pack[],
  declared: ReadonlySet<string> = new Set(),
): Promise<readonly PackOffers[]> {
  const facts = await projectFacts(session, wanted);
  return wanted.map((pack) => ({
    pack,
    offers: pack.offersFor(facts).filter(({ name }) => !declared.has(name)),
  }));
}

/** For programs: checks as the configuration has them, by name. */
function told({ pack, offers }: PackOffers) {
  const checksOf = (wanted: 'check' | 'example') =>
    Object.fromEntries(
      offers.flatMap((offer) =>
        offer.kind === wanted ? [[offer.name, checkKeys(offer.check)] as const] : [],
      ),
    );
  return {
    ...{
      id: pack.id,
      summary: pack.summary,
      checks: checksOf('check'),
      examples: checksOf('example'),
    },
    missing: Object.fromEntries(
      offers.flatMap((offer) =>
        offer.kind === 'missing' ? [[offer.name, offer.how] as const] : [],
      ),
    ),
  };
}
