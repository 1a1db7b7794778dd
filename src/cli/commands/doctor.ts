import { runChecks } from '../doctor/run-checks.ts';
import type { RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { doctorLines } from '../render/doctor-lines.ts';
import { jsonLine } from '../render/escape-text.ts';

interface DoctorOptions {
  readonly environment?: string;
}

/** Looks at everything that Surefoot needs; changes nothing. */
export const registerDoctor: RegisterCommand = (program, perform) => {
  const command = program
    .command('doctor')
    .description('check this machine and the configuration, with a remedy for each fault')
    .option('--environment <name>', 'the environment whose variables are meant');
  perform<DoctorOptions>(command, async (session, { environment }) => {
    const checks = await runChecks(session, environment);
    const { flags, output } = session;
    if (flags.json) output.result(jsonLine({ checks }));
    else output.result(...doctorLines(checks, output.paint, output.columns));
    return checks.some(({ status }) => status === 'fault') ? exitCode.internal : exitCode.done;
  });
};
