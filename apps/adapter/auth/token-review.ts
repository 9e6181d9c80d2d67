import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type UserInfo } from '../../../core/adapter/api/authorization';
import { AnswerCache, type AskedResult } from './answer-cache';
import { type Recognition } from './authentication';
import { patientPost, type PatientPoster } from './patient-post';
import { type RequestHeaders } from './request-headers';

/** A token was looked at; `failed`: it could not be. */
type Review = { readonly user: UserInfo } | { readonly cause: string; readonly failed: boolean };

/** How tokens are checked. */
export interface TokenReviewProps extends PatientPoster {
  /** `--authentication-token-webhook-cache-ttl`, for good and for bad tokens. */
  readonly cacheMs: number;
  readonly now: () => number;
  readonly onAsked?: ((result: AskedResult) => void) | undefined;
}

const PATH = '/apis/authentication.k8s.io/v1/tokenreviews';
const ENTRIES = 4096;
/** Anybody can send a token: no more than so many are looked at at a time. */
const CONCURRENT = 10;

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
      entries: ENTRIES,
      concurrent: CONCURRENT,
      now: props.now,
      onAsked: props.onAsked,
      holdsMs: (review) => ('failed' in review && review.failed ? 0 : props.cacheMs),
    });
  }

  /** Whom a token was found to belong to a moment ago. */
  known(token: string): Recognition {
    const review = this.cache.known(keyOf(token));
    return review && recognition(review);
  }

  /** Whom a token belongs to. */
  recognize(token: string): Promise<Recognition> {
    return this.cache.ask(keyOf(token), () => this.review(token)).then(recognition);
  }

  private async review(token: string): Promise<Review> {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
    const posted = await patientPost(this.props, PATH, body);
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

function recognition(review: Review): Recognition {
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
