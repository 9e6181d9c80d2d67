import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type UserInfo } from '../../../core/adapter/api/authorization';
import { messageOf } from '../../../core/errors';
import { AnswerCache, TooManyQuestions, type Asker, type AskedResult } from './answer-cache';
import { type Recognized } from './authentication';
import { patientPost, type PatientPoster } from './patient-post';
import { type RequestHeaders } from './request-headers';

/** A token was looked at; `failed`: it could not be. */
type Review = { readonly user: UserInfo } | { readonly cause: string; readonly failed: boolean };

/** How tokens are checked. */
export interface TokenReviewProps extends PatientPoster {
  /**
   * `--authentication-token-webhook-cache-ttl`, for good and for bad tokens; an answer that says that the token could not
   * be checked is not kept.
   */
  readonly cacheMs: number;
  readonly now: () => number;
  readonly onAsked?: ((result: AskedResult) => void) | undefined;
}

const PATH = '/apis/authentication.k8s.io/v1/tokenreviews';
const ENTRIES = 4096;
/** The answers together: the API server names groups and extra values of any length. */
const BYTES = 8 * 1024 * 1024;
/** Anybody can send a token: only so many are reviewed at a time, wait for it, and are of one address. */
const LIMITS = { concurrent: 10, waiting: 50, perClient: 5 } as const;
/** For whom there is no place. */
const BUSY_MS = 1000;
/** Longer than those that API servers and identity providers issue; each is sent on to be reviewed. */
const LONGEST_TOKEN = 16 * 1024;

const reviewed = z.object({
  status: z.object({
    authenticated: z.boolean().optional(),
    error: z.string().optional(),
    user: z
      .object({
        username: z.string().default(''),
        uid: z.string().default(''),
        groups: z.array(z.string()).nullish(),
        extra: z.record(z.string(), z.array(z.string())).nullish(),
      })
      .optional(),
  }),
});

/** Asks the API server whose tokens are. Remembers hashes of tokens, never tokens. */
export class TokenReviews {
  private readonly cache: AnswerCache<Review>;

  constructor(private readonly props: TokenReviewProps) {
    this.cache = new AnswerCache({
      ...LIMITS,
      entries: ENTRIES,
      bytes: BYTES,
      lengthOf: (review) => JSON.stringify(review).length,
      now: props.now,
      onAsked: props.onAsked,
      holdsMs: (review) => ('failed' in review && review.failed ? 0 : props.cacheMs),
    });
  }

  /** Whom a token was found to belong to a moment ago. */
  known(token: string): Recognized | undefined {
    const review = this.cache.known(keyOf(token));
    return review && recognition(review);
  }

  /** Whether nobody has asked yet whose it is: to recognise it takes a question of its own. */
  isNew(token: string): boolean {
    return !this.cache.isAsked(keyOf(token));
  }

  /** Whom a token belongs to. Never rejects. */
  async recognize(token: string, asker: Asker = {}): Promise<Recognized> {
    if (token.length > LONGEST_TOKEN) return { cause: `the token has more than ${LONGEST_TOKEN} characters` };
    try {
      const review = await this.cache.ask(keyOf(token), (signal) => this.review(token, signal), asker);
      return recognition(review);
    } catch (error) {
      const cause = messageOf(error);
      return error instanceof TooManyQuestions ? { cause, retryAfterMs: BUSY_MS } : { cause };
    }
  }

  private async review(token: string, signal: AbortSignal): Promise<Review> {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
    const posted = await patientPost(this.props, PATH, body, signal);
    if ('cause' in posted) return { cause: posted.cause, failed: true };
    const { data } = reviewed.safeParse(posted.answer);
    if (!data) return { cause: 'the answer is no TokenReview', failed: true };
    const { authenticated, user, error } = data.status;
    if (authenticated !== true || !user?.username) {
      return { cause: `invalid bearer token${error ? `: ${error}` : ''}`, failed: Boolean(error) };
    }
    const { username: name, uid, groups, extra } = user;
    return { user: { name, uid, groups: groups ?? [], extra: extra ?? {} } };
  }
}

function recognition(review: Review): Recognized {
  return 'user' in review ? review.user : { cause: review.cause };
}

function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

/**
 * The token of a request, as `bearertoken.go` of k8s.io/apiserver reads it.
 * @returns `undefined` without one
 */
export function bearerToken(headers: RequestHeaders): string | undefined {
  const [scheme = '', token = ''] = (headers.first('authorization') ?? '').trim().split(' ');
  return scheme.toLowerCase() === 'bearer' && token !== '' ? token : undefined;
}
