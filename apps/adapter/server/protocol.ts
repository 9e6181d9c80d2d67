import { type ApiReply } from './call';
import { type IncomingRequest, type Outcome } from './pipeline';

/** What a protocol hands its requests to. Ends when the request is answered; never rejects. */
export type Serve = (request: IncomingRequest, respond: (outcome: Outcome) => void) => Promise<void>;

/** What every answer says: it is for this client only, for now, and of the type that it names. */
const COMMON = { 'cache-control': 'no-cache, private', 'x-content-type-options': 'nosniff' } as const;

/** The headers of an answer. */
export function replyHeaders({ type, body, headers }: ApiReply): Record<string, string | number> {
  return { ...COMMON, 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers };
}
