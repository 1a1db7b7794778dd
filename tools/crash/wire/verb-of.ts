/** With what the server calls an agent at a step: the call that changes something, or a look. */
export function verbOf(step: string): 'POST' | 'GET' | null {
  // Answered at once, a probe of the service calls no agent.
  if (step === 'verify-service' || step === 'reverify-service') return null;
  const changes =
    /^(check-balancer|drill-revert|start-|shift-|settle-|retire-|forget-|zero-|restore-|stop-)/;
  return changes.test(step) ? 'POST' : 'GET';
}
