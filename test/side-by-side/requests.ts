import { z } from 'zod';
import { NAMESPACES, PODS } from './world';

export const CUSTOM = '/apis/custom.metrics.k8s.io';
export const EXTERNAL = '/apis/external.metrics.k8s.io/v1beta1';
export const RESOURCE = '/apis/metrics.k8s.io/v1beta1';

/** A request to both sides. */
export interface Question {
  /** Its form, by which differences are grouped. */
  readonly form: string;
  readonly path: string;
  readonly accept?: string;
  readonly method?: string;
  /** Who has no right to anything, in place of an administrator. */
  readonly user?: 'nobody';
}

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** What does not depend on what is discovered. */
const FIXED: readonly Question[] = [
  { form: 'groups', path: '/apis' },
  { form: 'group', path: CUSTOM },
  { form: 'group', path: '/apis/external.metrics.k8s.io' },
  { form: 'group', path: '/apis/metrics.k8s.io' },
  { form: 'resources', path: `${CUSTOM}/v1beta1` },
  { form: 'resources', path: `${CUSTOM}/v1beta2` },
  { form: 'resources', path: EXTERNAL },
  { form: 'resources', path: RESOURCE },
  { form: 'health', path: '/healthz' },
  { form: 'health', path: '/livez' },
  { form: 'health', path: '/readyz' },
  { form: 'health', path: '/healthz/ping' },
  { form: 'health', path: '/livez?exclude=nothing' },
  { form: 'health', path: '/readyz?exclude=ping', accept: 'text/html' },
  { form: 'health', path: '/readyz/nothing' },
  { form: 'health', path: '/readyz', user: 'nobody' },
  { form: 'health', path: '/readyz/ping', user: 'nobody' },
  { form: 'unknown path', path: '/nothing' },
  { form: 'unknown path', path: '/apis/nothing.example.com/v1' },
  { form: 'unknown path', path: `${CUSTOM}/v1beta1/pods` },
  { form: 'unknown path', path: `${CUSTOM}/v1beta1/namespaces/default/pods/web-0` },
  { form: 'unknown path', path: `${CUSTOM}/v1beta1/namespaces/default/pods/web-0/a/b` },
  { form: 'unknown path', path: `${CUSTOM}/v1beta3` },
  { form: 'unknown path', path: `${EXTERNAL}/namespaces/default/a/b` },
  { form: 'unknown path', path: `${RESOURCE}/services` },
  { form: 'resources', path: `${CUSTOM}/v1beta1`, user: 'nobody' },
  { form: 'forbidden path', path: '/metrics', user: 'nobody' },
  { form: 'unknown metric', path: `${CUSTOM}/v1beta1/namespaces/default/pods/*/no_such_metric` },
  {
    form: 'unknown metric',
    path: `${CUSTOM}/v1beta1/namespaces/default/widgets.example-x.com/front/no_such`,
  },
  { form: 'unknown metric', path: `${CUSTOM}/v1beta1/namespaces/default/no_such_kind/x/no_such` },
  { form: 'unknown external metric', path: `${EXTERNAL}/namespaces/default/no_such_metric` },
  { form: 'unknown external metric', path: `${EXTERNAL}/namespaces/shop/no_such_metric` },
  { form: 'external metric without namespace', path: `${EXTERNAL}/no_such_metric` },
  { form: 'resource metrics', path: `${RESOURCE}/nodes` },
  { form: 'resource metrics', path: `${RESOURCE}/nodes/node-1` },
  { form: 'resource metrics', path: `${RESOURCE}/nodes/nobody` },
  { form: 'resource metrics', path: `${RESOURCE}/nodes?labelSelector=zone%3Da` },
  { form: 'resource metrics', path: `${RESOURCE}/pods` },
  { form: 'resource metrics', path: `${RESOURCE}/namespaces/default/pods` },
  { form: 'resource metrics', path: `${RESOURCE}/namespaces/default/pods?labelSelector=app%3Dx` },
  {
    form: 'resource metrics',
    path: `${RESOURCE}/namespaces/default/pods?fieldSelector=metadata.name%3Ddb-0`,
  },
  { form: 'resource metrics', path: `${RESOURCE}/namespaces/shop/pods/web-0` },
  { form: 'resource metrics', path: `${RESOURCE}/namespaces/shop/pods/web-1` },
  { form: 'resource metrics', path: `${RESOURCE}/namespaces/nowhere/pods` },
  { form: 'resource metrics', path: `${RESOURCE}/pods?fieldSelector=metadata.namespace%3Dshop` },
  { form: 'resource metrics', path: `${RESOURCE}/nodes?fieldSelector=metadata.name%3Dnode-1` },
  { form: 'resource metrics', path: `${RESOURCE}/pods?fieldSelector=spec.nodeName%3Dnode-1` },
  { form: 'resource metrics', path: `${RESOURCE}/pods?labelSelector=%3D%3D` },
  { form: 'resource metrics', path: `${RESOURCE}/pods?limit=many` },
  { form: 'resource metrics', path: `${RESOURCE}/pods?limit=1&resourceVersion=0` },
  { form: 'resource metrics', path: `${RESOURCE}/pods?watch=true` },
  { form: 'resource metrics', path: `${RESOURCE}/pods?resourceVersionMatch=Exact` },
  { form: 'resource metrics', path: `${RESOURCE}/nodes`, user: 'nobody' },
  { form: 'resource metrics', path: `${RESOURCE}/namespaces/default/pods/web-0`, user: 'nobody' },
  { form: 'resource metrics', path: `${RESOURCE}/nodes`, method: 'POST' },
  { form: 'resource metrics', path: `${RESOURCE}/nodes/node-1`, method: 'DELETE' },
  { form: 'resource metrics as a table', path: `${RESOURCE}/namespaces/default/pods`, accept: TABLE },
  { form: 'resource metrics as a table', path: `${RESOURCE}/namespaces/shop/pods/db-0`, accept: TABLE },
  { form: 'resource metrics as a table', path: `${RESOURCE}/nodes`, accept: TABLE },
  { form: 'resource metrics as a table', path: `${RESOURCE}/nodes?includeObject=None`, accept: TABLE },
  { form: 'resource metrics as a table', path: `${RESOURCE}/nodes?includeObject=Object`, accept: TABLE },
];

/** So many of a configuration's metrics are asked for. */
const METRICS = 6;

const resourceList = z.object({ resources: z.array(z.object({ name: z.string() })) });

/** The names in a listing; none if it is no listing. */
export function listedNames(text: string): string[] {
  try {
    return resourceList.parse(JSON.parse(text)).resources.map(({ name }) => name);
  } catch {
    return [];
  }
}

/** What to ask of adapters that list these metrics. */
export function questions(custom: readonly string[], external: readonly string[]): Question[] {
  return [
    ...FIXED,
    ...spread(custom).flatMap((name, index) => customQuestions(name, index)),
    ...spread(external).flatMap((name, index) => externalQuestions(name, index)),
  ];
}

/** Some names, from all over the sorted list. */
function spread(names: readonly string[]): string[] {
  const sorted = [...new Set(names)].sort();
  const step = Math.max(1, sorted.length / METRICS);
  return sorted.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

function customQuestions(listed: string, index: number): Question[] {
  const [resource = '', metric = ''] = listed.split('/', 2);
  const version = `${CUSTOM}/${index % 3 === 2 ? 'v1beta2' : 'v1beta1'}`;
  const form = (what: string): string =>
    `${resource === 'namespaces' ? 'namespace' : 'object'} metric, ${what}`;
  if (resource === 'namespaces') {
    return [
      { form: form('one'), path: `${version}/namespaces/default/metrics/${metric}` },
      { form: form('all'), path: `${version}/namespaces/*/metrics/${metric}` },
      { form: form('absent'), path: `${version}/namespaces/nowhere/metrics/${metric}` },
      {
        form: form('selected'),
        path: `${version}/namespaces/*/metrics/${metric}?labelSelector=app%3Dx`,
      },
      { form: form('forbidden'), path: `${version}/namespaces/default/metrics/${metric}`, user: 'nobody' },
      {
        form: form('selected series'),
        path: `${version}/namespaces/shop/metrics/${metric}?metricLabelSelector=service%3Dfront`,
      },
    ];
  }
  const name = resource === 'pods' ? PODS[index % PODS.length] : resource === 'nodes' ? 'node-1' : 'front';
  const place = `${version}/namespaces/${NAMESPACES[index % 2]}/${resource}`;
  return [
    { form: form('all'), path: `${place}/*/${metric}` },
    { form: form('one'), path: `${place}/${name}/${metric}` },
    { form: form('absent'), path: `${place}/nobody/${metric}` },
    { form: form('selected'), path: `${place}/*/${metric}?labelSelector=app%3Dx` },
    {
      form: form('selected by sets'),
      path: `${place}/*/${metric}?labelSelector=tier%20in%20(t0%2Ct1)%2Capp`,
    },
    { form: form('none selected'), path: `${place}/*/${metric}?labelSelector=app%3Dnobody` },
    { form: form('selected series'), path: `${place}/*/${metric}?metricLabelSelector=code%3D200` },
    {
      form: form('selected series of sets'),
      path: `${place}/*/${metric}?metricLabelSelector=code%20in%20(200%2C500)`,
    },
    { form: form('bad selector'), path: `${place}/*/${metric}?labelSelector=%3D%3D` },
    { form: form('bad metric selector'), path: `${place}/*/${metric}?metricLabelSelector=a%3E1` },
    { form: form('elsewhere'), path: `${version}/namespaces/nowhere/${resource}/*/${metric}` },
    { form: form('every namespace'), path: `${version}/namespaces/*/${resource}/*/${metric}` },
    { form: form('other parameters'), path: `${place}/*/${metric}?pretty=true&limit=1&resourceVersion=0` },
    { form: form('bad parameter'), path: `${place}/*/${metric}?limit=many` },
    { form: form('forbidden'), path: `${place}/*/${metric}`, user: 'nobody' },
    { form: form('written to'), path: `${place}/*/${metric}`, method: 'POST' },
    { form: form('without namespace'), path: `${version}/${resource}/*/${metric}` },
    { form: form('without namespace, one'), path: `${version}/${resource}/${name}/${metric}` },
  ];
}

function externalQuestions(metric: string, index: number): Question[] {
  const place = `${EXTERNAL}/namespaces/${NAMESPACES[index % 2]}/${metric}`;
  return [
    { form: 'external metric', path: place },
    { form: 'external metric, selected', path: `${place}?labelSelector=name%3Dfront` },
    { form: 'external metric, selected by sets', path: `${place}?labelSelector=name%20in%20(front%2Cback)` },
    { form: 'external metric, excluded', path: `${place}?labelSelector=!name%2Ctopic%21%3Din` },
    { form: 'external metric, bad selector', path: `${place}?labelSelector=%3D%3D` },
    { form: 'external metric, selector of numbers', path: `${place}?labelSelector=n%3E1` },
    { form: 'external metric, elsewhere', path: `${EXTERNAL}/namespaces/nowhere/${metric}` },
    { form: 'external metric, watch', path: `${place}?watch=true` },
    { form: 'external metric, bad parameter', path: `${place}?limit=many` },
    { form: 'external metric, forbidden', path: place, user: 'nobody' },
    { form: 'external metric, deleted', path: place, method: 'DELETE' },
  ];
}
