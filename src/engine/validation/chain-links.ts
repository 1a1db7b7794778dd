/** Checks as links of a chain, and the preview as one more: it stands before the first check that needs it. */
import { PREVIEW } from '../../config/preview-schema.ts';
import type { Link } from '../../core/validation/chain.ts';
import type { PreviewPlan } from './preview-plan.ts';
import type { NamedCheck } from './run-check.ts';

export function chainLinks(
  checks: readonly NamedCheck[],
  preview: Pick<PreviewPlan, 'needs' | 'path'> | null,
): readonly Link[] {
  const links = checks.map(linkOf);
  const first = checks.findIndex((check) => check.preview);
  if (preview === null || first < 0) return links;
  const kept: Link = {
    ...{ name: PREVIEW, needs: preview.needs, cpus: 1, keeps: true },
    uses: preview.path === null ? [] : [{ name: COPY, alone: false }],
  };
  return [...links.slice(0, first), kept, ...links.slice(first)];
}

/** What they share. No name of a check, nor a URL. */
const COPY = '{copy}';

/** What prepares changes the copy: nobody may look at it, or copy it, meanwhile. */
function linkOf({ name, needs, cpus, reader, ...check }: NamedCheck): Link {
  const { preview, target, alone = false } = check;
  const used = preview ? PREVIEW : target;
  return {
    ...{ name, cpus, needs: preview ? [...needs, PREVIEW] : needs },
    uses: [
      { name: COPY, alone: reader === null },
      ...(used === undefined ? [] : [{ name: used, alone }]),
    ],
  };
}
