import { parseDocument } from 'yaml';
import { Inventory } from '../../../core/kube/inventory';
import { parseObject } from '../../../core/kube/object';
import type { Setting } from '../../../core/workloads';

/** Namespaces that the targets of load generators are in. */
const NAMESPACES = ['backend', 'shop', 'x'];

/** A container in a Deployment, with ConfigMaps of its namespace around it. */
export function setting(container: string, configMaps: Record<string, Record<string, string>> = {}): Setting {
  const deployment = parseDocument(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: main, namespace: here }
spec:
  selector: {}
  template:
    spec:
      containers: [${container}]
      volumes: [${Object.keys(configMaps)
        .map((name) => `{ name: ${name}, configMap: { name: ${name} } }`)
        .join(', ')}]
`).toJS() as unknown;
  const inventory = new Inventory([
    parseObject(deployment, 'fixture'),
    ...NAMESPACES.map((name) =>
      parseObject({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, 'fixture'),
    ),
    ...Object.entries(configMaps).map(([name, data]) =>
      parseObject(
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'here' }, data },
        'fixture',
      ),
    ),
  ]);
  const [workload] = inventory.deployments;
  const [first] = workload?.spec.template.spec.containers ?? [];
  if (!workload || !first) throw new Error('the fixture has no container');
  return { workload, container: first, inventory };
}
