import { z } from 'zod';
import { type RequestAttributes, type UserInfo } from '../../../core/adapter/api/authorization';
import { UsageError } from '../../../core/errors';
import { AnswerCache, type AskedResult } from './answer-cache';
import { type Authorization, type Authorizer } from './authorization';
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
const PRIVILEGED = 'system:masters';
/** Both as `plugin/pkg/authorizer/webhook` of k8s.io/apiserver has them. */
const ENTRIES = 8192;
const MOST_CACHED = 10_000;
const CONCURRENT = 50;

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
    this.cache = new AnswerCache<Authorization>({
      entries: ENTRIES,
      concurrent: CONCURRENT,
      now: props.now,
      onAsked: props.onAsked,
      holdsMs: (answer) => (answer.allowed ? props.allowedMs : 'cause' in answer ? 0 : props.deniedMs),
    });
  }

  isOpen(attributes: RequestAttributes): boolean {
    if (!('path' in attributes)) return false;
    const path = withoutSlash(attributes.path);
    return this.openPaths.has(path) || this.openPrefixes.some((prefix) => path.startsWith(prefix));
  }

  authorize(user: UserInfo, attributes: RequestAttributes): Authorization | Promise<Authorization> {
    if (user.groups.includes(PRIVILEGED) || this.isOpen(attributes)) return ALLOWED;
    const { key: what, size } = this.attributesKey(attributes);
    if (size > MOST_CACHED) return this.ask(user, attributes);
    const { name, uid, groups, extra } = user;
    const key = `${JSON.stringify([name, uid, groups, extra])}${what}`;
    return this.cache.known(key) ?? this.cache.ask(key, () => this.ask(user, attributes));
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

  private async ask(user: UserInfo, attributes: RequestAttributes): Promise<Authorization> {
    const spec = specOf(user, attributes);
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
    const posted = await patientPost(this.props, PATH, body);
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
