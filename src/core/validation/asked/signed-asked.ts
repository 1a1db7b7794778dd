/** What a report that a person has signed must show, as it is written in surefoot.yaml. */
import { z } from 'zod';
import type { SignedRule } from '../rule.ts';
import { sshKeyOf } from '../ssh-key.ts';

const SIGNERS_MAX = 100;
const DAYS_MAX = 3_660;
const DAY_MS = 86_400_000;

const config = z.strictObject({
  signers: z
    .array(
      z
        .string()
        .max(1_000)
        .refine((line) => sshKeyOf(line) !== null, {
          error:
            'is no public key of SSH; write the line of its .pub file: ssh-ed25519 AAAA… name (other kinds are not read)',
        }),
    )
    .nonempty('names nobody, so that nothing could be believed')
    .max(SIGNERS_MAX)
    .describe('Public keys of those whose word counts, as their `.pub` files have them.'),
  days: z
    .int()
    .min(1)
    .max(DAYS_MAX)
    .prefault(180)
    .describe('How many days old the report may be; older it is `STALE`.'),
});

export type SignedConfig = z.output<typeof config>;

export const signedAsked = {
  config,
  ruleOf: ({ days }: SignedConfig): SignedRule => ({
    ...{ subject: 'signed', ageMaxMs: days * DAY_MS },
  }),
};
