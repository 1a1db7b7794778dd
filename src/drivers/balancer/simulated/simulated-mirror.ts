/** Mirrors requests in the simulated balancer: the copies are answered at once, and counted nowhere else. */
import type { MirrorFindings } from '../../../core/mirror/mirror-report.ts';
import type { MirrorRules } from '../../../core/mirror/mirror-rules.ts';
import { mirrorFindings } from '../../../core/mirror/mirror-findings.ts';
import {
  createMirrorLedger,
  noteMirrored,
  type MirroredCopy,
} from '../../../core/mirror/mirror-ledger.ts';
import type { SimulatedAnswer } from './simulated-answer.ts';

export interface SimulatedMirror {
  /** The stable pool has answered a client; asks for the copies only when the request is its share. */
  answered(
    client: SimulatedAnswer,
    ask: { readonly stable: () => SimulatedAnswer; readonly candidate: () => SimulatedAnswer },
  ): void;
  findings(): MirrorFindings;
}

export function createSimulatedMirror(
  { percent, ignore }: MirrorRules,
  uniform: () => number,
): SimulatedMirror {
  const ledger = createMirrorLedger();
  return {
    answered(client, { stable, candidate }) {
      if (uniform() * 100 >= percent) return;
      const mirrored = {
        route: 'GET /',
        path: '/',
        client: copyOf(client).outcome,
        stable: copyOf(stable()),
        candidate: copyOf(candidate()),
      };
      noteMirrored(ledger, mirrored, ignore);
    },
    findings: () => mirrorFindings(ledger, 0),
  };
}

const EMPTY = { kind: 'empty' } as const;

function copyOf(answer: SimulatedAnswer): MirroredCopy {
  switch (answer.kind) {
    case 'answer': {
      const { status, latencyUs, json } = answer;
      const body = json === undefined ? EMPTY : ({ kind: 'JSON', text: json } as const);
      return {
        outcome: { kind: 'answered', answer: { status, headers: {}, body } },
        headUs: latencyUs,
      };
    }
    case 'refused':
    case 'late':
      return { outcome: { kind: answer.kind }, headUs: null };
    case 'hangs':
      return { outcome: { kind: 'late' }, headUs: null };
    case 'abandoned':
      return { outcome: { kind: 'reset' }, headUs: null };
  }
}
