import { UsageError } from '../../core/errors';
import { parseTarget, type MetricTarget } from '../../core/rule-explain';
import { groupResourceText } from '../../core/rules';
import { adapterExplanationText } from '../../report';
import { AdapterClient, type AdapterAddress } from '../adapter-client';
import { styleOf, type Io } from '../io';

const NAMESPACES = ['namespaces', 'namespace'];
const PODS = ['pods', 'pod'];
const NODES = ['nodes', 'node'];

/** What is asked of an adapter. */
export interface AdapterQuestion {
  readonly address: AdapterAddress;
  /** Absent for the usage of pods or nodes. */
  readonly metric?: string | undefined;
  /** As `--for` has it. */
  readonly target: string;
  /** Of the metric. */
  readonly selector?: string | undefined;
  /** Of the objects, where all of a kind are asked for. */
  readonly objectSelector?: string | undefined;
  readonly json: boolean;
}

/** Has a running adapter explain a metric. @returns the exit code: 1 if it is missing */
export async function explainByAdapter(question: AdapterQuestion, io: Io): Promise<number> {
  const path = explainPath(question);
  const explanation = await new AdapterClient(question.address).explain(path);
  io.stdout.write(
    question.json
      ? `${JSON.stringify(explanation, null, 2)}\n`
      : adapterExplanationText(explanation, styleOf(io.stdout, io)),
  );
  return explanation.missing ? 1 : 0;
}

/** @throws UsageError for an object that has no usage, or a selector where there is none */
function explainPath({ metric, target: text, selector, objectSelector }: AdapterQuestion): string {
  const target = parseTarget(text);
  const path = metric === undefined ? usagePath(text, target) : metricPath(metric, target);
  if (objectSelector !== undefined && (target.api === 'external' || target.objects !== '*')) {
    throw new UsageError(
      `--object-selector: ${text} is no list of objects to select from: write --for pods/NAMESPACE/* or RESOURCE/NAMESPACE/*`,
    );
  }
  const parameters = new URLSearchParams();
  if (objectSelector !== undefined) parameters.set('labelSelector', objectSelector);
  if (selector !== undefined) {
    parameters.set(target.api === 'external' ? 'labelSelector' : 'metricLabelSelector', selector);
  }
  return `/explain/apis/${path}${parameters.size === 0 ? '' : `?${parameters.toString()}`}`;
}

function metricPath(metric: string, target: MetricTarget): string {
  if (target.api === 'external') {
    return pathOf('external.metrics.k8s.io', 'v1beta1', 'namespaces', target.namespace, metric);
  }
  const { groupResource, namespace, objects } = target;
  const resource = groupResourceText(groupResource);
  const name = typeof objects === 'string' ? objects : objects.join(',');
  const group = ['custom.metrics.k8s.io', 'v1beta2'];
  if (namespace !== undefined) return pathOf(...group, 'namespaces', namespace, resource, name, metric);
  return NAMESPACES.includes(resource)
    ? pathOf(...group, 'namespaces', name, 'metrics', metric)
    : pathOf(...group, resource, name, metric);
}

/** CPU and memory of `pods/NAMESPACE/NAME`, `pods/NAMESPACE/*`, `nodes/NAME` or `nodes/*`. */
function usagePath(text: string, target: MetricTarget): string {
  const group = ['metrics.k8s.io', 'v1beta1'];
  if (target.api === 'custom' && typeof target.objects === 'string') {
    const { namespace, objects, groupResource } = target;
    const name = objects === '*' ? [] : [objects];
    const resource = groupResourceText(groupResource);
    if (PODS.includes(resource) && namespace !== undefined) {
      return pathOf(...group, 'namespaces', namespace, 'pods', ...name);
    }
    if (NODES.includes(resource) && namespace === undefined) return pathOf(...group, 'nodes', ...name);
  }
  throw new UsageError(
    `--for ${text} without --metric: CPU and memory are of pods/NAMESPACE/NAME, pods/NAMESPACE/*, nodes/NAME or nodes/*; name any other metric by --metric`,
  );
}

function pathOf(...segments: readonly string[]): string {
  return segments.map(encodeURIComponent).join('/');
}
