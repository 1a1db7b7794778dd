/**
 * The model of the protocol, checked by spin in all variants. `npm run model` prints a table;
 * `npm run model -- --trace '<part of a name>'` tells the counterexample of one variant.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkVariant, type Verdict } from '../../test/model/check-variant.ts';
import { missingPrograms } from '../../test/model/missing-programs.ts';
import { variants, type Variant } from '../../test/model/variants.ts';
import { readOptions } from '../command-line/read-options.ts';
import { runCommand } from '../command-line/run-command.ts';

/** Two of the searches that hold fit into a gigabyte. */
const CONCURRENT = 2;

interface Checked {
  readonly verdict: Verdict;
  /** With spin and the compiler. */
  readonly seconds: number;
}

async function main(): Promise<number> {
  const { trace: wanted } = readOptions({ trace: { type: 'string' } });
  const missing = missingPrograms();
  if (missing !== null) {
    process.stderr.write(`${missing}\n`);
    return 1;
  }
  return wanted === undefined ? table() : story(wanted);
}

async function table(): Promise<number> {
  const left = [...variants];
  const checked = new Map<Variant, Checked>();
  const workOff = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      checked.set(next, await inEmptyFolder(next));
      process.stderr.write(`${next.name}\n`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, workOff));
  process.stdout.write('| Variant | Expected | Seen | States | Depth | MB | Seconds |\n');
  process.stdout.write('| --- | --- | --- | ---: | ---: | ---: | ---: |\n');
  for (const [variant, result] of variants.map((each) => [each, checked.get(each)] as const)) {
    if (result) process.stdout.write(`| ${cellsOf(variant, result).join(' | ')} |\n`);
  }
  const isWrong = (each: Variant): boolean => checked.get(each)?.verdict.breaks !== each.breaks;
  const wrong = variants.filter(isWrong).length;
  const end = wrong === 0 ? 'all as expected' : `${wrong} NOT AS EXPECTED`;
  process.stdout.write(`${variants.length} variants, ${end}\n`);
  return wrong === 0 ? 0 : 1;
}

function cellsOf(variant: Variant, { verdict, seconds }: Checked): readonly string[] {
  return [
    variant.name,
    wordOf(variant.breaks),
    wordOf(verdict.breaks),
    verdict.states.toLocaleString('en'),
    String(verdict.depth),
    verdict.memoryMb.toFixed(0),
    seconds.toFixed(1),
  ];
}

async function story(wanted: string): Promise<number> {
  const variant = variants.find(({ name }) => name.includes(wanted));
  if (!variant) {
    process.stderr.write(`No variant is called so: ${wanted}\n`);
    return 2;
  }
  const { verdict } = await inEmptyFolder(variant);
  const lines = [`${variant.name}: ${wordOf(verdict.breaks)}`, ...verdict.trace];
  process.stdout.write(`${lines.join('\n')}\n`);
  return verdict.breaks === variant.breaks ? 0 : 1;
}

async function inEmptyFolder(variant: Variant): Promise<Checked> {
  const folder = mkdtempSync(join(tmpdir(), 'model-'));
  const began = performance.now();
  try {
    const verdict = await checkVariant(variant, folder);
    return { verdict, seconds: (performance.now() - began) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function wordOf(breaks: string | null): string {
  return breaks ?? 'holds';
}

await runCommand(main);
