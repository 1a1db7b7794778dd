/** Asks something of a running deployment, and says what became of it. */
import type { DeploymentAnswer, RequestAnswer } from '../api/contract/answers.ts';
import type { AskRequest } from '../api/contract/operator-request.ts';
import { actorName } from './actor.ts';
import type { ApiClient } from './api-client.ts';
import { apiOf, type CliSession } from './cli-session.ts';
import { exitCode } from './exit-code.ts';
import { meantDeployment } from './meant-deployment.ts';
import { reasonOption } from './reason-option.ts';
import { escapeText, jsonLine } from './render/escape-text.ts';

export interface Asking {
  readonly send: (api: ApiClient, id: string, intent: AskRequest) => Promise<RequestAnswer>;
  /** What is so from now on. */
  readonly done: (deployment: DeploymentAnswer) => string;
}

export interface AskOptions {
  readonly reason?: string;
}

export async function askDeployment(
  session: CliSession,
  options: AskOptions,
  argument: string | undefined,
  { send, done }: Asking,
): Promise<number> {
  const intent = { actor: actorName(), reason: reasonOption(options.reason) };
  const api = apiOf(session);
  const id = await meantDeployment(api, argument);
  const answer = await send(api, id, intent);
  const { flags, output } = session;
  output.result(flags.json ? jsonLine(answer) : answerText(id, answer, done));
  return exitCode.done;
}

/** The step that does not begin. */
export function pausedBefore(waiting: DeploymentAnswer['waiting']): string {
  return waiting?.kind === 'pause' ? waiting.before : 'its next step';
}

function answerText(id: string, answer: RequestAnswer, done: Asking['done']): string {
  const { outcome, because, deployment } = answer;
  switch (outcome) {
    case 'done':
      return escapeText(done(deployment));
    case 'idle':
      return escapeText(`${id}: ${because ?? 'All is so already.'}`);
    case 'recorded': {
      const step = deployment.step ? `step ${deployment.step.id}` : 'the step at hand';
      return `${id}: recorded; it is answered when ${step} has ended. To see: surefoot watch ${id}`;
    }
  }
}
