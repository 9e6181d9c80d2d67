import { hpaConfig, parseHpaSpec, validateHpa } from '../../../core/hpa';
import { type FeatureGates } from '../../../core/hpa/config/config';

export const TARGET = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

/** Everything about a request to the API server but the spec. */
interface Request {
  readonly name?: string;
  /** Minor version of Kubernetes, 36 unless said otherwise. */
  readonly minor?: number;
  readonly featureGates?: Partial<FeatureGates>;
  /** Parts of the stored spec, for an update. */
  readonly old?: object;
}

function parse(parts: object): ReturnType<typeof parseHpaSpec> {
  return parseHpaSpec({ scaleTargetRef: TARGET, maxReplicas: 5, ...parts }, 'test');
}

/** What the API server finds wrong with a spec of those parts; the rest of it is valid. */
export function problemsOf(parts: object, request: Request = {}): string[] {
  const { name = 'web', minor = 36, featureGates = {}, old } = request;
  const config = hpaConfig({ kubernetes: `1.${minor}`, featureGates });
  return validateHpa(parse(parts), name, config, old && parse(old));
}
