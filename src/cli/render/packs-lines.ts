/** Packs below each other with what fits here, and the checks of one to paste. */
import type { Offer, Pack } from '../../config/packs/pack.ts';
import { offerLines } from '../../config/packs/render-offers.ts';
import { tableLines } from './table.ts';

export function packsLines(
  found: readonly { readonly pack: Pack; readonly offers: readonly Offer[] }[],
  columns: number,
): readonly string[] {
  const rows = found.map(({ pack, offers }) => [
    pack.id,
    ...(['check', 'example', 'missing'] as const).map((kind) => namesOf(offers, kind)),
  ]);
  return [
    ...tableLines({ header: ['PACK', 'READY', 'TO FILL IN', 'MISSING'], rows, columns }),
    ...['', ...found.map(({ pack }) => `${pack.id}: ${pack.summary}`)],
    ...['', 'To paste, with what is missing and how to get it: surefoot packs <pack>'],
  ];
}

const NAMES_MAX = 8;

function namesOf(offers: readonly Offer[], kind: Offer['kind']): string {
  const names = offers.filter((offer) => offer.kind === kind).map(({ name }) => name);
  if (names.length > NAMES_MAX) return `${names.length} examples`;
  return names.length === 0 ? '-' : names.join(', ');
}

/** As they stand below `checks`, or, for a service, from the top of the file down. */
export function packLines(offers: readonly Offer[], service: string | null): readonly string[] {
  if (offers.length === 0) return ['# Nothing but what is there already.'];
  const asks = offers.some((offer) => offer.kind !== 'missing' && offer.check.preview);
  const preview = asks
    ? ['# Checks with preview need a preview beside checks: preview: {}', '']
    : [];
  const lines = [...preview, ...offerLines(offers)];
  if (service === null) return lines;
  const indent = ' '.repeat(8);
  return [
    ...['services:', `  ${service}:`, '    validation:', '      checks:'],
    ...lines.map((line) => (line === '' ? '' : `${indent}${line}`)),
  ];
}
