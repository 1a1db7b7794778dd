/** One JSON line per event on standard output; requests that went well are not logged. */
export function log(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), message, ...fields })}\n`);
}

/** An error as fields of a log line. */
export function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
