import { App as Cdk8sApp, Chart } from 'cdk8s';
import { Inventory } from '../../core/kube/inventory';
import { parseObject, type KubeObject } from '../../core/kube/object';

/** The objects that constructs render into one chart, as a stage would. */
export function render(fill: (chart: Chart) => void): KubeObject[] {
  const chart = new Chart(new Cdk8sApp(), 'stage', { disableResourceNameHashes: true });
  fill(chart);
  return chart.toJson().map((object) => parseObject(object, 'test'));
}

/** The same, readable by kind. */
export function inventory(fill: (chart: Chart) => void): Inventory {
  return new Inventory(render(fill));
}

/** The only element of a list. */
export function only<T>(list: readonly T[]): T {
  const [first, ...rest] = list;
  if (first === undefined || rest.length > 0) throw new Error(`expected one element, got ${list.length}`);
  return first;
}
