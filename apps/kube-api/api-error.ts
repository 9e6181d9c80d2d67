import { z } from 'zod';

/** An answer that is not a success, or an event that says what went wrong. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** HTTP status. */
    readonly code: number,
    message: string,
    /** How long the server wants to be left alone. */
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }

  /** Whether what was asked for is too old, so that everything has to be read again. */
  get gone(): boolean {
    return this.code === 410;
  }
}

/** `metav1.Status`, as far as it says what went wrong. */
const status = z.object({ code: z.number().optional(), message: z.string().optional() });

/** The error that a `metav1.Status` describes. */
export function statusError(value: unknown, fallbackCode: number, retryAfterMs = 0): ApiError {
  const read = status.safeParse(value);
  const { code = fallbackCode, message = `status ${code}` } = read.success ? read.data : {};
  return new ApiError(code, message, retryAfterMs);
}
