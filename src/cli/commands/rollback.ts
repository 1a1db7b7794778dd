import { randomUUID } from 'node:crypto';
import type { Plan } from '../../core/plan/plan.ts';
import { actorName } from '../actor.ts';
import { attachDeployment } from '../attach-deployment.ts';
import { chooseScope, type ScopeOptions } from '../choose-scope.ts';
import { apiOf, type RegisterCommand } from '../cli-session.ts';
import { canAsk, confirm } from '../confirm.ts';
import { exitCode } from '../exit-code.ts';
import { jsonLine } from '../render/escape-text.ts';
import { planLines } from '../render/plan-lines.ts';
import { lastOf, startDeployment } from '../start-deployment.ts';
import { reasonOption } from '../reason-option.ts';

interface RollbackOptions extends ScopeOptions {
  readonly reason?: string;
  readonly wait?: true;
  readonly detach?: true;
  readonly yes?: true;
}

/** Brings the release before back; says first what that means. */
export const registerRollback: RegisterCommand = (program, perform) => {
  const command = program
    .command('rollback')
    .description('bring the release before back, or end what a held deployment left open')
    .option('--service <name>', 'needed when there are several')
    .option('--environment <name>', 'needed when there are several')
    .option('--reason <text>', 'kept in the audit log')
    .option('--wait', 'wait while another deployment of the service runs')
    .option('--detach', 'return as soon as it has begun')
    .option('-y, --yes', 'do not ask');
  perform<RollbackOptions>(command, async (session, options) => {
    const { output, flags } = session;
    const reason = reasonOption(options.reason);
    const api = apiOf(session);
    const { service, environment } = chooseScope(await api.status(), options);
    const intent = { actor: actorName(), reason, service, environment };
    const { plan, digest } = await api.planRollback(intent);
    if (!options.yes || !flags.json) {
      output.warn(...planLines(plan, digest, output.progressPaint), '');
    }
    if (!options.yes) {
      const message = `Go ${waysBack(plan).join(', ')} in ${environment}?`;
      const instead = `surefoot rollback --service ${service} --environment ${environment} --yes`;
      const declined = await confirm(session, { message, instead });
      if (declined !== null) return declined;
    }
    const requestKey = randomUUID();
    // What was confirmed is what happens; who did not look at the plan is not bound to it.
    const seen = canAsk(session) && !options.yes ? { planDigest: digest } : {};
    const send = () => api.rollback({ ...intent, ...seen, requestKey });
    const { id, ...answer } = await startDeployment(session, send, {
      waits: options.wait === true,
      last: () => lastOf(api, { environment, services: [service] }),
    });
    if (!options.detach) return await attachDeployment(session, id);
    output.result(flags.json ? jsonLine({ id, ...answer }) : id);
    return exitCode.done;
  });
};

function waysBack({ services }: Plan): readonly string[] {
  return services.map(({ service, release, replaces }) => {
    const of = services.length > 1 ? ` of ${service}` : '';
    return `from ${replaces?.version ?? 'nothing'} back to ${release.version}${of}`;
  });
}
