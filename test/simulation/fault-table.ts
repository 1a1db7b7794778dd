/**
 * How a deployment of a good release may end when one fault strikes in a phase: R, it goes on to
 * promoted; V, it is reverted; -, there is nothing to strike. It is never held by a single fault.
 */
import { faults, type Fault } from './fault.ts';
import { phases, type Phase } from './phase.ts';

type Ends = 'R' | 'V' | 'RV' | '-';

/** In the order of the phases; a revert that has begun always goes on. */
const ROWS: Readonly<Record<Fault, string>> = {
  //                     accept secure start  probe  mirror shift  gate   bake   retire end
  'request-lost': '      R      R      R      R      R      R      R      R      R      R',
  'answer-lost': '       R      R      R      R      R      R      R      R      R      R',
  late: '                R      R      R      R      R      R      R      R      R      R',
  duplicated: '          R      R      R      R      R      R      R      R      R      R',
  hangs: '               RV     RV     RV     RV     RV     RV     RV     RV     RV     R',
  // A controller that is back within the lease goes on; later, the lease has given the traffic back.
  'killed-before': '     R      R      R      R      RV     RV     RV     RV     RV     R',
  'killed-after': '      R      R      R      R      RV     RV     RV     RV     RV     R',
  'killed-again': '      RV     RV     RV     RV     RV     RV     RV     RV     RV     R',
  frozen: '              RV     RV     RV     RV     RV     RV     V      RV     RV     R',
  'frozen-long': '       RV     RV     RV     RV     V      RV     V      RV     RV     R',
  // Whoever takes the deployment up goes back, and on where there is no way back.
  'workflow-lost': '     V      V      V      V      V      V      V      V      RV     R',
  'second-controller': ' R      R      R      R      R      R      R      R      R      R',
  'power-lost': '        R      R      R      R      RV     RV     RV     RV     RV     R',
  // A backup is as old as the clock says.
  'clock-jumped': '      R      RV     R      R      R      R      R      R      R      R',
  'database-restarted': 'R      R      R      R      R      RV     RV     RV     R      R',
  'database-away': '     R      R      R      RV     V      V      V      V      RV     R',
  'volume-full': '       R      R      R      RV     V      V      V      V      RV     R',
  'balancer-away': '     R      R      R      RV     RV     RV     V      V      RV     R',
  'balancer-mute': '     R      R      R      R      RV     RV     RV     RV     R      R',
  'balancer-reloaded': ' R      R      R      R      RV     RV     RV     RV     RV     R',
  'target-away': '       RV     RV     RV     RV     R      R      R      RV     R      R',
  'target-mute': '       RV     RV     RV     RV     R      R      R      RV     R      R',
  'candidate-crashed': ' -      -      V      V      V      V      V      RV     R      R',
  'stable-crashed': '    R      R      R      R      R      R      R      R      R      -',
  'probes-flap': '       R      R      R      R      R      R      R      R      R      R',
  'data-away': '         RV     RV     R      R      -      R      R      RV     R      R',
  'data-full': '         RV     RV     R      R      -      R      R      R      R      R',
  'table-locked': '      RV     RV     R      R      -      R      R      R      R      R',
  'store-away': '        RV     RV     R      R      -      R      R      R      R      R',
  // The gate has no time left in which it could see enough.
  'clients-silent': '    V      V      V      V      V      V      RV     RV     R      R',
  'samples-stale': '     V      V      V      V      V      RV     RV     RV     R      R',
  // What comes with the last step of the bake may be read when the old release is being retired.
  aborted: '             V      V      V      V      V      V      V      RV     RV     R',
  'aborted-twice': '     V      V      V      V      V      V      V      RV     RV     R',
  'approvers-away': '    -      -      -      -      -      -      -      -      -      -',
  paused: '              R      R      R      R      R      R      R      R      R      R',
  held: '                R      R      R      R      R      R      R      R      R      R',
  'place-frozen': '      R      R      R      R      R      R      R      R      R      R',
  promoted: '            R      R      R      R      R      R      R      R      R      R',
  'requested-again': '   R      R      R      R      R      R      R      R      R      R',
};

export function endsOf(fault: Fault, phase: Phase): Ends {
  if (phase === 'revert') return 'V';
  const cells = ROWS[fault].trim().split(/\s+/);
  const cell = cells[phases.indexOf(phase)];
  if (cells.length !== phases.length - 1 || cell === undefined) {
    throw new Error(`The row of ${fault} has ${cells.length} cells.`);
  }
  return cell as Ends;
}

/** All cells in which something can be struck. */
export const tableCells: readonly string[] = phases.flatMap((phase) =>
  faults.filter((fault) => endsOf(fault, phase) !== '-').map((fault) => cellOf(fault, phase)),
);

export function cellOf(fault: Fault, phase: Phase): string {
  return `${phase} ${fault}`;
}
