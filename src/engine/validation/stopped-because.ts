/** In one sentence, why a signal was given. */
export function stoppedBecause({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : 'It was stopped.';
}
