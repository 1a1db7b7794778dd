/** The section `validation` of a service in its first surefoot.yaml. */
import type { Offer } from './pack.ts';
import { offerLines } from './render-offers.ts';

/** Lines without an indent. Without a check that runs all of it is a comment, so that the file is valid. */
export function validationLines(offers: readonly Offer[]): readonly string[] {
  const ready = offers.filter((offer) => offer.kind === 'check');
  const checks = offerLines(offers).map(indented);
  const wantsPreview = ready.some(({ check }) => check.preview);
  const preview = wantsPreview
    ? ['# An instance of its own, for checks that ask one.', 'preview: { path: . }']
    : [];
  const lines = [
    '# What is checked: this folder as it stands, in a copy. Without it: the release alone.',
    ...['source: .', ...preview, 'checks:', ...checks],
  ];
  const head = headOf(wantsPreview);
  if (ready.length > 0) return [...head, 'validation:', ...lines.map(indented)];
  return [...head, ...['validation:', ...lines.map(indented)].map((line) => `# ${line}`.trimEnd())];
}

/** A preview is an instance of one release. */
function headOf(isOfRelease: boolean): readonly string[] {
  const command = isOfRelease ? 'surefoot check --release <version>' : 'surefoot check';
  return [
    `# Checks of a release before it is deployed; run them alone by: ${command}`,
    '# Host, more readers, and what is missing here, once it is there: surefoot packs',
  ];
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`;
}
