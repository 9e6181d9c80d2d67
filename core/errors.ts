/**
 * Errors that a user can act on. Each names the object, what is wrong and what to change; the command line
 * prints the message without a stack trace and chooses the exit code from the class.
 */

/** The caller asked for something that cannot be: unknown stack or option, unreadable file, invalid value. Exit code 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** The input is legal but uses something that Plimsoll does not model. Said out loud instead of approximated. Exit code 2. */
export class NotSupportedError extends UsageError {
  override readonly name: string = 'NotSupportedError';

  /** @param what the construct that is not supported, e.g. `PromQL function histogram_quantile()` */
  constructor(what: string) {
    super(`not supported: ${what}`);
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
