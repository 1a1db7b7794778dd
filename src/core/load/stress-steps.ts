/** The rates of a stress test, from the first to the last, which is tried whatever the step. */

export interface StressRange {
  readonly from: number;
  readonly step: number;
  readonly to: number;
}

export function stressRates({ from, step, to }: StressRange): readonly number[] {
  const count = Math.floor((to - from) / step) + 1;
  const rates = Array.from({ length: count }, (_, at) => from + at * step);
  return rates.at(-1) === to ? rates : [...rates, to];
}
