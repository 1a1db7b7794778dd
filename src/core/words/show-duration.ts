/** A duration as people read it: two parts at most. */
export function showDuration(ms: number): string {
  if (ms < 1_000) return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
  if (ms < 59_950) return `${Math.round(ms / 100) / 10} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return parts(seconds, 60, 'min', 's');
  const minutes = Math.round(seconds / 60);
  return minutes < 1_440
    ? parts(minutes, 60, 'h', 'min')
    : parts(Math.round(minutes / 60), 24, 'd', 'h');
}

function parts(value: number, divisor: number, large: string, small: string): string {
  const rest = value % divisor;
  const whole = `${Math.floor(value / divisor)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}
