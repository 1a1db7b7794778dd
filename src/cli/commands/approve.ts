import { refusalOfApproval } from '../../core/deployment/approve.ts';
import { actorName } from '../actor.ts';
import { askDeployment, type AskOptions } from '../ask-deployment.ts';
import { apiOf, type CliSession, type RegisterCommand } from '../cli-session.ts';
import { confirm } from '../confirm.ts';
import { deploymentCommand } from '../deployment-command.ts';
import { meantDeployment } from '../meant-deployment.ts';
import { quoted } from '../render/escape-text.ts';
import { operationalError } from '../../core/operational-error.ts';
import { releases } from '../../core/words/releases.ts';
import { planLines } from '../render/plan-lines.ts';
import { usageError } from '../usage-error.ts';

interface ApproveOptions extends AskOptions {
  readonly plan?: string;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Approves of one plan, by its digest; on a terminal the plan is shown first. */
export const registerApprove: RegisterCommand = (program, perform) => {
  const command = deploymentCommand(
    program,
    'approve',
    'approve of the plan of a deployment that waits for it',
  ).option('--plan <digest>', 'the plan that is approved of; shown and asked when left out');
  perform<ApproveOptions>(command, async (session, options, [argument]) => {
    if (options.plan !== undefined && !DIGEST.test(options.plan)) {
      throw usageError(`--plan ${quoted(options.plan)} is no digest; they look like sha256:1f0c….`);
    }
    const id = await meantDeployment(apiOf(session), argument);
    const agreed = options.plan ?? (await agreeOnPlan(session, id));
    if (typeof agreed === 'number') return agreed;
    return askDeployment(session, options, id, {
      send: (api, deployment, intent) => api.approve(deployment, { ...intent, planDigest: agreed }),
      done: ({ waiting }) =>
        waiting?.kind === 'approval'
          ? `${id}: approved by ${waiting.approvedBy.length} of ${waiting.needed}.`
          : `${id} is approved and ${waiting ? 'goes on when it may' : 'goes on'}. To see how it goes: surefoot watch ${id}`,
    });
  });
};

/** The digest of the plan that was shown, or the exit code. */
async function agreeOnPlan(session: CliSession, id: string): Promise<string | number> {
  const { plan, planDigest, actor, ...deployment } = await apiOf(session).deployment(id);
  const step = plan.steps.find((each) => each.id === deployment.step?.id);
  // Who cannot approve is not asked; the server decides in the end.
  const approval = { actor: actorName(), planDigest };
  const refusal = refusalOfApproval(plan, { step, origin: { planDigest, actor } }, approval);
  if (refusal !== null) {
    throw operationalError('request-declined', `Not done for ${id}: ${refusal}`);
  }
  const { output } = session;
  output.warn(...planLines(plan, planDigest, output.progressPaint), '');
  const message = `Approve of ${releases(plan.services)} in ${plan.environment}?`;
  const instead = `surefoot approve ${id} --plan ${planDigest}`;
  return (await confirm(session, { message, instead })) ?? planDigest;
}
