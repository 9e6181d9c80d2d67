/** What authentication and authorization need of a client of the Kubernetes API. */
export interface Poster {
  /**
   * Creates an object and gives the answer's JSON.
   * @param timeoutMs for the whole answer
   * @throws an error with the HTTP status as its `code` (ApiError) if the answer is neither 200 nor 201
   */
  post(path: string, body: unknown, timeoutMs: number, signal: AbortSignal): Promise<unknown>;
}
