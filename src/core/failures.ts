/**
 * Every way an operation can fail that is not a bug, with what to do about it. The reference page
 * `docs/reference/failures.md` is generated from this table.
 */
import { dataFailures } from './data-failures.ts';
import type { Effect, FailureEntry, Recovery } from './failure-entry.ts';

export type { Effect, Recovery } from './failure-entry.ts';

export const failures = {
  ...dataFailures,
  'report-invalid': {
    summary: "A tool's report is not what it should be: cut off, of another format, too large.",
    remedy: 'See the log of the check: the tool may have failed, or write another format.',
    recovery: 'operator',
    httpStatus: 422,
    exitCode: 3,
  },
  'validation-failed': {
    summary: 'A release did not pass all of the checks that its service declares.',
    remedy:
      'The record names each check with its evidence. `surefoot check` runs them without a deployment.',
    recovery: 'never',
    httpStatus: 422,
    exitCode: 3,
  },
  'request-invalid': {
    summary: 'A request to an agent or the API is malformed.',
    remedy: 'Correct the request; the message names the field.',
    recovery: 'never',
    httpStatus: 400,
    exitCode: 2,
  },
  'internal-error': {
    summary: 'A bug in Surefoot stopped an operation where it was.',
    remedy: 'Report it with the record; traffic stays on the last verified pool.',
    recovery: 'operator',
    httpStatus: 500,
    exitCode: 1,
  },
  'config-invalid': {
    summary: 'surefoot.yaml or a value given to it cannot be used.',
    remedy: 'Correct the marked places; `surefoot validate` lists all of them.',
    recovery: 'operator',
    httpStatus: 422,
    exitCode: 2,
  },
  'usage-invalid': {
    summary: 'The command line cannot be understood.',
    remedy: 'See `surefoot help <command>`.',
    recovery: 'operator',
    httpStatus: 400,
    exitCode: 2,
  },
  'not-found': {
    summary: 'The named thing does not exist.',
    remedy: 'List what there is: `surefoot status`, `surefoot history`.',
    recovery: 'operator',
    httpStatus: 404,
    exitCode: 2,
  },
  'token-fenced': {
    summary: 'An agent has seen a newer command; this one came too late and did nothing.',
    remedy: 'Nothing to do: a newer command is in force.',
    recovery: 'never',
    httpStatus: 409,
    exitCode: 1,
  },
  'token-conflict': {
    summary: 'Two different commands carry the same token; the second was refused.',
    remedy: 'Report this as a bug with the audit log.',
    recovery: 'never',
    httpStatus: 409,
    exitCode: 1,
  },
  'lease-lost': {
    summary: 'The lease had lapsed or tripped before it could be renewed.',
    remedy: 'Nothing to do: the stable pool serves all traffic and the deployment reacts.',
    recovery: 'never',
    httpStatus: 409,
    exitCode: 3,
  },
  'agent-unreachable': {
    summary: 'The edge, host or server process does not answer on its control socket.',
    remedy: 'Run `surefoot up`; `surefoot doctor` says which process is missing.',
    recovery: 'retry',
    httpStatus: 503,
    exitCode: 1,
  },
  'artifact-missing': {
    summary: "The release's artifact is not where it was declared.",
    remedy: 'Build or fetch the release, or correct `release.path`.',
    recovery: 'operator',
    httpStatus: 422,
    exitCode: 2,
  },
  'artifact-mismatch': {
    summary: "The artifact's content does not have the digest that was planned.",
    remedy: 'The release changed after it was planned: plan again.',
    recovery: 'never',
    httpStatus: 409,
    exitCode: 3,
  },
  'command-not-executable': {
    summary: 'The program of the release cannot be started.',
    remedy: 'Check `command`, that the file exists in the artifact, and its execute permission.',
    recovery: 'never',
    httpStatus: 422,
    exitCode: 3,
  },
  'instance-exited': {
    summary: 'An instance ended by itself.',
    remedy: 'Its last lines are in the record; `surefoot logs` has the rest.',
    recovery: 'never',
    httpStatus: 502,
    exitCode: 3,
  },
  'instance-not-accepting': {
    summary: 'An instance did not accept connections within its start time.',
    remedy: 'Check that the service listens on $PORT, or raise `startTimeout`.',
    recovery: 'never',
    httpStatus: 504,
    exitCode: 3,
  },
  'port-unavailable': {
    summary: 'A port is taken by another process, or no port is free in the range.',
    remedy: 'Free the port or declare another; the message names it.',
    recovery: 'operator',
    httpStatus: 409,
    exitCode: 3,
  },
  'probe-failed': {
    summary: 'A probe got an answer that it does not accept, or none in time.',
    remedy: 'The observed answer is in the record beside what was expected.',
    recovery: 'never',
    httpStatus: 502,
    exitCode: 3,
  },
  'split-differs': {
    summary: 'What the balancer reads back is not what was written.',
    remedy: 'Find out who else changes the balancer; the deployment reverts.',
    recovery: 'never',
    httpStatus: 409,
    exitCode: 3,
  },
  'gate-failed': {
    summary: 'The verdict on live traffic was ROLLBACK.',
    remedy: 'Mend the release; `surefoot explain <id>` has the figures, limits and evidence.',
    recovery: 'never',
    httpStatus: 502,
    exitCode: 3,
  },
  'gate-inconclusive': {
    summary: 'The gate had too few samples, or none, until its deadline.',
    remedy: 'Give the step more time or fewer required samples, or bring traffic.',
    recovery: 'never',
    httpStatus: 504,
    exitCode: 3,
  },
  'approval-missing': {
    summary: 'Too few people had approved of the plan in time; it was reverted.',
    remedy: 'Deploy again when those who approve are there, or raise `approvals.deadline`.',
    recovery: 'never',
    httpStatus: 504,
    exitCode: 3,
  },
  aborted: {
    summary: 'A person ended the deployment; it was reverted.',
    remedy: 'Nothing to do: the stable release serves.',
    recovery: 'never',
    httpStatus: 409,
    exitCode: 3,
  },
  'capacity-missing': {
    summary: 'The stable pool is not at its full, healthy size.',
    remedy: 'Repair the stable pool first: `surefoot status` names the instance.',
    recovery: 'operator',
    httpStatus: 409,
    exitCode: 3,
  },
  'deadline-passed': {
    summary: 'A step did not end within its deadline.',
    remedy: 'The record names the step; look at what it waited for.',
    recovery: 'never',
    httpStatus: 504,
    exitCode: 3,
  },
  'state-differs': {
    summary:
      'After the revert, or before the old release is given up, something is not as it was recorded.',
    remedy: 'The difference is in the record; traffic stays on the last verified pool.',
    recovery: 'operator',
    httpStatus: 409,
    exitCode: 4,
  },
  'already-live': {
    summary: 'The release to deploy is the one that already serves.',
    remedy: 'Nothing to do; give the release another version if its content changed.',
    recovery: 'operator',
    httpStatus: 409,
    exitCode: 2,
  },
  'driver-replaced': {
    summary: 'Another process has taken the deployment up; this one did nothing.',
    remedy: 'Nothing to do: the deployment goes on elsewhere.',
    recovery: 'never',
    httpStatus: 409,
    exitCode: 1,
  },
  'plan-outdated': {
    summary: 'What runs has changed since the plan was made.',
    remedy: 'Make a new plan.',
    recovery: 'operator',
    httpStatus: 409,
    exitCode: 2,
  },
  'scope-busy': {
    summary: 'Another deployment of this service in this environment has not ended.',
    remedy:
      'Wait for it (`surefoot watch <id>`, or deploy with `--wait`), or abort it: `surefoot abort <id>`.',
    recovery: 'operator',
    httpStatus: 423,
    exitCode: 6,
  },
  frozen: {
    summary: 'The place is frozen: nothing is brought forward in it.',
    remedy:
      'Wait, or have it lifted: `surefoot freezes`. In need: `deploy --override <reason>`. Rollback, repair and abort never wait.',
    recovery: 'operator',
    httpStatus: 423,
    exitCode: 6,
  },
  'outside-window': {
    summary: 'It is none of the times at which the services may be deployed.',
    remedy:
      'Wait until the windows are open: `surefoot plan` says when. In need: `deploy --override <reason>`. Rollback, repair and abort never wait.',
    recovery: 'operator',
    httpStatus: 423,
    exitCode: 6,
  },
  'request-key-reused': {
    summary: 'A request key came before with another request.',
    remedy: 'Send a repetition unchanged, and give every new request a key of its own.',
    recovery: 'never',
    httpStatus: 409,
    exitCode: 2,
  },
  'request-too-late': {
    summary: 'The deployment has passed the point where this request could act.',
    remedy:
      'Nothing to do for it; `surefoot explain <id>` says how it went, `surefoot status` what serves.',
    recovery: 'never',
    httpStatus: 409,
    exitCode: 2,
  },
  'request-declined': {
    summary: 'The deployment does not stand where this request could act.',
    remedy: 'The message says where it stands; `surefoot status` shows it.',
    recovery: 'operator',
    httpStatus: 409,
    exitCode: 2,
  },
  'request-too-large': {
    summary: 'A request or file is larger than its cap.',
    remedy: 'The message names the cap.',
    recovery: 'never',
    httpStatus: 413,
    exitCode: 2,
  },
  'database-unreachable': {
    summary:
      "A PostgreSQL does not answer, Surefoot's own or a service's, or has broken a session off.",
    remedy:
      "The message names the server. Surefoot's own, embedded: `surefoot up`; external: check DATABASE_URL and the server.",
    recovery: 'retry',
    httpStatus: 503,
    exitCode: 1,
  },
  'database-unsafe': {
    summary: 'PostgreSQL runs with a setting that may lose acknowledged writes.',
    remedy: 'Turn the named setting on; Surefoot refuses to run without it.',
    recovery: 'operator',
    httpStatus: 503,
    exitCode: 1,
  },
  'database-differs': {
    summary: 'The database belongs to another installation of Surefoot.',
    remedy:
      'Set DATABASE_URL to the database of this state directory, or choose another state directory.',
    recovery: 'operator',
    httpStatus: 503,
    exitCode: 1,
  },
  'state-directory-unusable': {
    summary:
      'The state directory cannot be used: path too long, not writable, open to others, or in use.',
    remedy: 'Choose another with --state-dir or SUREFOOT_STATE_DIR.',
    recovery: 'operator',
    httpStatus: 500,
    exitCode: 2,
  },
  'process-not-started': {
    summary: 'A process of Surefoot did not come up.',
    remedy: 'Its log is in the state directory; `surefoot doctor` checks the environment.',
    recovery: 'operator',
    httpStatus: 500,
    exitCode: 1,
  },
  'version-differs': {
    summary: 'The running server is of another version than the command.',
    remedy: 'Run `surefoot down` and `surefoot up` with one version.',
    recovery: 'operator',
    httpStatus: 409,
    exitCode: 1,
  },
} as const satisfies Record<string, FailureEntry>;

export type FailureCode = keyof typeof failures;

/** A failure as data: what journals, audit entries and API answers carry. */
export interface Failure {
  readonly code: FailureCode;
  /** One sentence with the particulars: what, where, observed and expected. */
  readonly message: string;
  readonly recovery: Recovery;
  readonly effect: Effect;
  /** Particulars for machines; must survive JSON. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Builds a failure; recovery comes from the table, the effect is `none` unless said otherwise. */
export function failureOf(
  code: FailureCode,
  message: string,
  options: { effect?: Effect; details?: Readonly<Record<string, unknown>> } = {},
): Failure {
  return {
    code,
    message,
    recovery: failures[code].recovery,
    effect: options.effect ?? 'none',
    ...(options.details && { details: options.details }),
  };
}
