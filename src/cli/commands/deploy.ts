import { randomUUID } from 'node:crypto';
import type { PlanRequest } from '../../api/contract/deploy-request.ts';
import { OperationalError } from '../../core/operational-error.ts';
import { actorName } from '../actor.ts';
import type { ApiClient } from '../api-client.ts';
import { attachDeployment } from '../attach-deployment.ts';
import type { CliSession, RegisterCommand } from '../cli-session.ts';
import { canAsk, confirm } from '../confirm.ts';
import { exitCode } from '../exit-code.ts';
import { plannedMigrationWarnings } from '../migration-warnings.ts';
import { prepareRequest, type ReleaseOptions } from '../prepare-request.ts';
import { releases } from '../../core/words/releases.ts';
import { jsonLine } from '../render/escape-text.ts';
import { planLines, windowsLines } from '../render/plan-lines.ts';
import { warningLines } from '../render/warning-lines.ts';
import { lastOf, startDeployment } from '../start-deployment.ts';
import { overrideOption } from '../override-option.ts';
import { reasonOption } from '../reason-option.ts';

interface DeployOptions extends ReleaseOptions {
  readonly reason?: string;
  readonly plan?: string;
  readonly wait?: true;
  readonly detach?: true;
  readonly yes?: true;
  readonly override?: string;
}

/** Deploys a release and shows how it goes; the deployment itself runs in the server. */
export const registerDeploy: RegisterCommand = (program, perform) => {
  const command = program
    .command('deploy')
    .description('bring a release in, and take it back when it fails')
    .argument('[services...]', 'of several: name, or name=version; all of them or none')
    .option('--release <version>', 'the release to deploy')
    .option('--service <name>', 'the same as the argument')
    .option('--environment <name>', 'needed when there are several')
    .option('--repair', 'do not rely on the release that serves, which may be broken')
    .option('--accept-drift <reason>', 'take the schema of the database as it is found')
    .option('--reason <text>', 'kept in the audit log')
    .option(
      '--override <reason>',
      'go ahead although it is frozen there, or outside of its deployment windows',
    )
    .option('--plan <digest>', 'refuse when the plan is no longer the one with this digest')
    .option('--wait', 'wait while another deployment of the service runs')
    .option('--detach', 'return as soon as the deployment has begun')
    .option('-y, --yes', 'do not ask on a terminal');
  perform<DeployOptions>(command, async (session, options, named) => {
    const reason = reasonOption(options.reason);
    const override = overrideOption(options.override);
    const { request, api } = await prepareRequest(session, options, named);
    const services = request.services.map(({ service }) => service);
    // Somebody at a terminal may have mistyped; a script has named the release and means it.
    const asks = !options.yes && options.plan === undefined && canAsk(session);
    const agreed = asks
      ? await agreeOnPlan(session, api, request, override !== undefined)
      : options.plan;
    if (typeof agreed === 'number') return agreed;
    const body = {
      ...request,
      actor: actorName(),
      reason,
      requestKey: randomUUID(),
      ...(override !== undefined && { override }),
      // After a wait the plan is another one, made for what then runs.
      ...(agreed !== undefined && !(asks && options.wait) && { planDigest: agreed }),
    };
    const send = () => api.deploy(body);
    const { id, ...answer } = await startDeployment(session, send, {
      waits: options.wait === true,
      last: () => lastOf(api, { environment: request.environment, services }),
    });
    if (!options.detach) {
      const leavesForApproval = session.environment.stderr.isTTY !== true;
      return await attachDeployment(session, id, { leavesForApproval });
    }
    const { flags, output } = session;
    output.result(flags.json ? jsonLine({ id, ...answer }) : id);
    return exitCode.done;
  });
};

/** The digest of the plan that was confirmed, or the exit code. */
async function agreeOnPlan(
  session: CliSession,
  api: ApiClient,
  request: PlanRequest,
  overrides: boolean,
): Promise<string | number> {
  const answer = await api.plan(request);
  const { plan, digest, refusal } = answer;
  const { output } = session;
  const warnings = await plannedMigrationWarnings(answer);
  output.warn(
    ...planLines(plan, digest, output.progressPaint),
    ...windowsLines(answer),
    ...warningLines(warnings, output.progressPaint),
    '',
  );
  if (refusal !== null && !overrides) throw new OperationalError(refusal);
  const message = `Deploy ${releases(plan.services)} in ${plan.environment}?`;
  const declined = await confirm(session, { message, instead: 'surefoot deploy --yes' });
  return declined ?? digest;
}
