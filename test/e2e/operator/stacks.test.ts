import { Inventory } from '../../../core/kube/inventory';
import { groupOf, refOf, refText, type KubeObject } from '../../../core/kube/object';
import { allObjects } from '../../../core/model';
import { findStack, parseOptions, stacks } from '../../../stacks';
import { synthesize } from '../../../synth';
import { compareJobs, report } from './compare-jobs';
import { OperatedCluster } from './operated-cluster';

/** Options that change what is scraped, or how. */
const VARIANTS: readonly (readonly [stack: string, assignments: readonly string[]])[] = [
  ['kind', ['backendMetrics=true', 'scrapeInterval=1m30s', 'adapterReplicas=2']],
  ['kind', ['policySides=both', 'reporter=any']],
  ['bare-metal', ['metricsServer=cluster', 'capacityInterval=1m', 'scrapeInterval=15s']],
  ['aks', ['scrapeInterval=1h']],
  ['minikube', ['path=adapter', 'scrapeInterval=10s']],
  ['eks-fargate', ['scrapeInterval=45s']],
];
const CASES = [...stacks.map(({ name }) => [name, [] as readonly string[]] as const), ...VARIANTS];

let operated: OperatedCluster;
const known = new Set<string>();

beforeAll(async () => {
  operated = await OperatedCluster.start();
});

afterAll(async () => {
  await operated?.stop();
});

it.each(CASES)('%s with %j: the same scrape configuration', async (name, assignments) => {
  const definition = findStack(name);
  const stack = synthesize(definition.define(parseOptions(definition, assignments)));
  const objects = allObjects(stack).map(({ object }) => object);
  const monitoring = objects.filter(({ apiVersion }) => groupOf(apiVersion) === 'monitoring.coreos.com');
  const applied = [...monitoring, ...objects.filter(isEmptyMap).map(withAuthority)];
  await operated.apply(objects.filter(isNewNamespace));
  await operated.apply(applied);
  await operated.startOperator();
  try {
    const inventory = new Inventory(objects);
    const prometheuses = monitoring.filter(({ kind }) => kind === 'Prometheus');
    const results = await Promise.all(prometheuses.map((one) => compareJobs(operated, one, inventory)));
    const jobs = results.flatMap((result) => result.jobs.map((job) => job.name));
    report(`${name} [${assignments.join(' ')}]: ${jobs.join(', ')}`);
    expect(jobs.length).toBeGreaterThan(0);
    expect(results.flatMap(({ differences }) => differences)).toEqual([]);
  } finally {
    await operated.stopOperator();
    await operated.remove(applied);
  }
});

function isNewNamespace(object: KubeObject): boolean {
  const text = refText(refOf(object));
  if (object.kind !== 'Namespace' || known.has(text)) return false;
  known.add(text);
  return true;
}

function isEmptyMap({ kind, ...object }: KubeObject): boolean {
  return kind === 'ConfigMap' && object['data'] === undefined;
}

/** As the adapter fills it: the operator leaves out a monitor whose authority is not there. */
function withAuthority(object: KubeObject): KubeObject {
  return { ...object, data: { 'ca.crt': operated.plane.caBundle } };
}
