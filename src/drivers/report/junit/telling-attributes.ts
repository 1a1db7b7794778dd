/** By which a suite or a test case says what became of it: who asks for another one must name it here, where its case is checked. */
export const tellingNames = [
  ...(['tests', 'failures', 'errors', 'failed', 'disabled'] as const),
  ...(['skipped', 'skip', 'skips', 'ignored'] as const),
  ...(['status', 'result', 'outcome', 'success', 'passed', 'executed'] as const),
] as const;

export type TellingAttributes = Readonly<Partial<Record<(typeof tellingNames)[number], string>>>;
