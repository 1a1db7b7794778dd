import { apiOf, type RegisterCommand } from '../cli-session.ts';
import { deploymentId } from '../deployment-id.ts';
import { exitCode } from '../exit-code.ts';
import { jsonLine, quoted } from '../render/escape-text.ts';
import { explanationLines } from '../render/explanation-lines.ts';
import { usageError } from '../usage-error.ts';

interface ExplainOptions {
  readonly step?: string;
}

/** Says what was decided in a deployment, why, and on which figures; also of one that runs. */
export const registerExplain: RegisterCommand = (program, perform) => {
  const command = program
    .command('explain')
    .description('say what was decided in a deployment, why, and on which figures')
    .argument('<id>', 'like d7')
    .option('--step <id>', 'tell of this step alone, like judge-10');
  perform<ExplainOptions>(command, async (session, { step = null }, [argument = '']) => {
    const id = deploymentId(argument);
    const explanation = await apiOf(session).explanation(id);
    const steps = explanation.steps.filter((each) => step === null || each.id === step);
    if (step !== null && steps.length === 0) {
      const known = explanation.steps.map((each) => each.id).join(', ');
      throw usageError(`${id} has begun no step ${quoted(step)}; it has: ${known || 'none yet'}.`);
    }
    const { flags, output } = session;
    if (flags.json) output.result(jsonLine({ ...explanation, steps }));
    else output.result(...explanationLines(explanation, step, output));
    return exitCode.done;
  });
};
