import { type ObjectRef } from '../../kube/object';
import { type Selector } from '../../kube/selector';
import { type SelectorRequirement } from '../../kube/selector-requirement';
import { type CustomMetricValue, type CustomMetricValues } from '../answer';
import { jsonString, jsonStringMap, timeWriter } from './json-text';

/**
 * `MetricValueList` of `custom.metrics.k8s.io` as compact JSON, its fields in Go's order.
 *
 * Two differences to upstream, both on purpose: the `apiVersion` of core objects is `v1`, not `/v1`; and a metric
 * selector with `!=` is shown as `NotIn`, where upstream fails because it has no word for it.
 */
export function encodeCustomValues({ items }: CustomMetricValues, version: 'v1beta1' | 'v1beta2'): string {
  const time = timeWriter();
  const frames = new FrameCache(version);
  let list = '';
  for (const item of items) {
    const { start, middle, end } = frames.of(item);
    const head = `${list === '' ? '' : ','}${start}${jsonString(item.describedObject.name)}${middle}`;
    list += `${head}${time(item.timestampMs)},"value":"${item.value.toString()}"${end}`;
  }
  return `{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/${version}","metadata":{},"items":[${list}]}`;
}

/** What the items of a list have in common: all but name, time and value. */
interface Frame {
  readonly start: string;
  readonly middle: string;
  readonly end: string;
}

/** Makes a frame when the kind of item changes, which in a list it does not. */
class FrameCache {
  private last: CustomMetricValue | undefined;
  private frame: Frame = { start: '', middle: '', end: '' };

  constructor(private readonly version: 'v1beta1' | 'v1beta2') {}

  of(item: CustomMetricValue): Frame {
    if (!this.last || !sameFrame(this.last, item)) this.frame = this.make(item);
    this.last = item;
    return this.frame;
  }

  private make({ describedObject, metric }: CustomMetricValue): Frame {
    const { kind, namespace, apiVersion } = describedObject;
    const scope = namespace === undefined ? '' : `"namespace":${jsonString(namespace)},`;
    const selector = metric.selector ? encodeSelector(metric.selector) : 'null';
    const name = jsonString(metric.name);
    const start = `{"describedObject":{"kind":${jsonString(kind)},${scope}"name":`;
    const middle = `,"apiVersion":${jsonString(apiVersion)}}`;
    return this.version === 'v1beta1'
      ? { start, middle: `${middle},"metricName":${name},"timestamp":`, end: `,"selector":${selector}}` }
      : {
          start,
          middle: `${middle},"metric":{"name":${name},"selector":${selector}},"timestamp":`,
          end: '}',
        };
  }
}

function sameFrame(a: CustomMetricValue, b: CustomMetricValue): boolean {
  const { name, selector } = a.metric;
  return (
    sameKind(a.describedObject, b.describedObject) && name === b.metric.name && selector === b.metric.selector
  );
}

function sameKind(a: ObjectRef, b: ObjectRef): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.apiVersion === b.apiVersion;
}

/** `metav1.ParseToLabelSelector` of the selector's canonical text. */
function encodeSelector({ requirements }: Selector): string {
  const sorted = [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const labels = new Map<string, string>();
  const expressions: string[] = [];
  for (const requirement of sorted) {
    const { key, operator, values } = requirement;
    if (operator === '=' || operator === '==') labels.set(key, values[0] ?? '');
    else expressions.push(encodeExpression(requirement));
  }
  const members = [
    ...(labels.size > 0 ? [`"matchLabels":${jsonStringMap(Object.fromEntries(labels))}`] : []),
    ...(expressions.length > 0 ? [`"matchExpressions":[${expressions.join(',')}]`] : []),
  ];
  return `{${members.join(',')}}`;
}

function encodeExpression({ key, operator, values }: SelectorRequirement): string {
  const name = operator === '!=' ? 'NotIn' : operator;
  const list = [...values].sort().map(jsonString).join(',');
  const suffix = list === '' ? '' : `,"values":[${list}]`;
  return `{"key":${jsonString(key)},"operator":${jsonString(name)}${suffix}}`;
}
