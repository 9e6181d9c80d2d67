/** Why there is no connection. Where a name has several addresses, the error of each is in a list without a message. */
export function connectionProblem(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(connectionProblem).join('; ');
  return error instanceof Error ? error.message : String(error);
}
