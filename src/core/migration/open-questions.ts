/** What a text does not show; the author may answer it, with a reason, and nothing else does. */
import type { Hazard } from './hazard.ts';

const ANSWER =
  'Say why old code lives with it in the first lines of the file: `-- surefoot: expand because …`; or mark it `-- surefoot: contract`.';

export const openQuestions = {
  'code-run': {
    sentence: 'code is run, and what it does is known when it runs',
    remedy: `Write its statements out. ${ANSWER}`,
  },
  'function-called': {
    sentence: 'the function may change anything',
    remedy: ANSWER,
  },
  'data-changed': {
    sentence: 'rows that old code works on are added or changed',
    remedy: `Fill new columns in the file that adds them or in the new release. ${ANSWER}`,
  },
  'null-allowed': {
    sentence: 'old code may meet NULL where there was none',
    remedy: ANSWER,
  },
  'expression-unproven': {
    sentence: 'its expression may fail or act on what old code writes',
    remedy: `Casts, arithmetic and functions may fail: leave them out, or try them on the restored backup. ${ANSWER}`,
  },
  'statement-unknown': {
    sentence: 'what it means for old code is not known here',
    remedy: ANSWER,
  },
  empty: {
    sentence: 'there is no statement in it',
    remedy: `Is it the right file, and is it not all within a comment? ${ANSWER}`,
  },
  'mark-unreadable': {
    sentence:
      'it looks like a mark of the author and says nothing that is understood, or not where it counts',
    remedy:
      'Write `-- surefoot: contract`, or `-- surefoot: expand because …`, on a line of its own before the first statement.',
  },
} as const satisfies Readonly<Record<string, Hazard>>;
