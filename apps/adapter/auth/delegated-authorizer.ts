import { z } from 'zod';
import {
  PRIVILEGED_GROUP,
  type RequestAttributes,
  type UserInfo,
} from '../../../core/adapter/api/authorization';
import { messageOf, UsageError } from '../../../core/errors';
import { AnswerCache, TooManyQuestions, type AskedResult } from './answer-cache';
import { type Authorization, type AuthorizationRequest, type Authorizer } from './authorization';
import { patientPost, type PatientPoster } from './patient-post';

/** How requests are authorized. */
export interface DelegatedAuthorizerProps extends PatientPoster {
  /** `--authorization-always-allow-paths`; a `*` at the end stands for anything. */
  readonly openPaths: readonly string[];
  /** `--authorization-webhook-cache-authorized-ttl` and `--authorization-webhook-cache-unauthorized-ttl`. */
  readonly allowedMs: number;
  readonly deniedMs: number;
  readonly now: () => number;
  readonly onAsked?: ((result: AskedResult) => void) | undefined;
}

const PATH = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
/** Answers that are kept, as many as `plugin/pkg/authorizer/webhook` of k8s.io/apiserver keeps. */
const ENTRIES = 8192;
/** Characters of attributes whose answer is kept (`maxControllerAttrCacheSize` of the same). */
const MOST_CACHED = 10_000;
/** The answers together: users bring groups and extra values of any length. */
const BYTES = 16 * 1024 * 1024;
/** Known callers are limited by what the server works on at a time; of one stranger's address not all may be. */
const LIMITS = { concurrent: 50, perClient: 20 } as const;
/** For whom there is no place. */
const BUSY_MS = 1000;

const review = z.object({
  status: z.object({
    allowed: z.boolean(),
    denied: z.boolean().optional(),
    reason: z.string().optional(),
    evaluationError: z.string().optional(),
  }),
});

/** Asks the API server who may do what (SubjectAccessReview), as an extension API server does. */
export class DelegatedAuthorizer implements Authorizer {
  private readonly openPaths: ReadonlySet<string>;
  private readonly openPrefixes: readonly string[];
  private readonly cache: AnswerCache<Authorization>;
  /** For questions that are too large to be remembered. */
  private readonly uncached: AnswerCache<Authorization>;
  /** A request that is made again has the same attributes. */
  private readonly keys = new WeakMap<RequestAttributes, AttributesKey>();

  /** @throws UsageError if a path has a `*` that is not at its end */
  constructor(private readonly props: DelegatedAuthorizerProps) {
    const paths = props.openPaths.map(withoutSlash);
    const wrong = paths.find((path) => path.slice(0, -1).includes('*'));
    if (wrong !== undefined) {
      throw new UsageError(
        `--authorization-always-allow-paths: "${wrong}": a * can only be the last character`,
      );
    }
    this.openPaths = new Set(paths.filter((path) => !path.endsWith('*')));
    this.openPrefixes = paths.filter((path) => path.endsWith('*')).map((path) => path.slice(0, -1));
    const asking = {
      ...LIMITS,
      ...{ entries: ENTRIES, bytes: BYTES, now: props.now, onAsked: props.onAsked },
      lengthOf: (answer: Authorization) => JSON.stringify(answer).length,
    };
    this.cache = new AnswerCache<Authorization>({
      ...asking,
      holdsMs: (answer) => (answer.allowed ? props.allowedMs : 'reason' in answer ? props.deniedMs : 0),
    });
    this.uncached = new AnswerCache<Authorization>({ ...asking, holdsMs: () => 0 });
  }

  isOpen(attributes: RequestAttributes): boolean {
    if (!('path' in attributes)) return false;
    const path = withoutSlash(attributes.path);
    return this.openPaths.has(path) || this.openPrefixes.some((prefix) => path.startsWith(prefix));
  }

  authorize(
    user: UserInfo,
    attributes: RequestAttributes,
    request: AuthorizationRequest,
  ): Authorization | Promise<Authorization> {
    if (user.groups.includes(PRIVILEGED_GROUP) || this.isOpen(attributes)) return ALLOWED;
    const { key: what, size } = this.attributesKey(attributes);
    const { name, uid, groups, extra } = user;
    const key = `${JSON.stringify([name, uid, groups, extra])}${what}`;
    const cache = size > MOST_CACHED ? this.uncached : this.cache;
    return (
      cache.known(key) ?? this.asked(cache, key, request, (signal) => this.ask(user, attributes, signal))
    );
  }

  private async asked(
    cache: AnswerCache<Authorization>,
    key: string,
    { stranger, gone }: AuthorizationRequest,
    ask: (signal: AbortSignal) => Promise<Authorization>,
  ): Promise<Authorization> {
    try {
      return await cache.ask(key, ask, { client: stranger, signal: gone.signal });
    } catch (error) {
      if (error instanceof TooManyQuestions) return { allowed: false, retryAfterMs: BUSY_MS };
      return { allowed: false, cause: messageOf(error) };
    }
  }

  private attributesKey(attributes: RequestAttributes): AttributesKey {
    let key = this.keys.get(attributes);
    if (!key) {
      const size = Object.values<string>({ ...attributes }).join('').length;
      key = { key: JSON.stringify(attributes), size };
      this.keys.set(attributes, key);
    }
    return key;
  }

  private async ask(
    user: UserInfo,
    attributes: RequestAttributes,
    signal: AbortSignal,
  ): Promise<Authorization> {
    const spec = specOf(user, attributes);
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
    const posted = await patientPost(this.props, PATH, body, signal);
    if ('cause' in posted) return { allowed: false, cause: posted.cause };
    const { data } = review.safeParse(posted.answer);
    if (!data) return { allowed: false, cause: 'the answer is no SubjectAccessReview' };
    const { allowed, denied, reason = '' } = data.status;
    if (allowed && denied) return { allowed: false, cause: 'the answer both allows and denies' };
    return allowed ? ALLOWED : { allowed: false, reason };
  }
}

/** Attributes as text, and how long their values are together. */
interface AttributesKey {
  readonly key: string;
  readonly size: number;
}

const ALLOWED: Authorization = { allowed: true };

function specOf({ name, uid, groups, extra }: UserInfo, attributes: RequestAttributes): unknown {
  const subject = { user: name, uid, groups, extra };
  return 'path' in attributes
    ? { nonResourceAttributes: { path: attributes.path, verb: attributes.verb }, ...subject }
    : { resourceAttributes: attributes, ...subject };
}

function withoutSlash(path: string): string {
  return path.startsWith('/') ? path.slice(1) : path;
}
