import { readScaledObject, type ScaledObject } from '../../../core/keda';
import { Inventory } from '../../../core/kube/inventory';
import type { ScaledObjectManifest } from '../../../core/kube/kinds/keda';
import { parseObject } from '../../../core/kube/object';

/** A trigger on Prometheus, with metadata changed. */
export function prometheus(metadata: Readonly<Record<string, string>> = {}, more: object = {}) {
  return {
    type: 'prometheus',
    metadata: { serverAddress: 'http://p.m.svc:9090', query: 'sum(a)', threshold: '100', ...metadata },
    ...more,
  };
}

/** A ScaledObject as the API has it. */
export function manifest(spec: object = {}, metadata: object = {}): ScaledObjectManifest {
  const object = parseObject(
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: { name: 'api', namespace: 'shop', ...metadata },
      spec: { scaleTargetRef: { name: 'api' }, triggers: [prometheus()], ...spec },
    },
    'test',
  );
  const [found] = new Inventory([object]).scaledObjects;
  if (!found) throw new Error('no ScaledObject');
  return found;
}

/** The same with KEDA's defaults. */
export function scaledObject(spec: object = {}, metadata: object = {}): ScaledObject {
  return readScaledObject(manifest(spec, metadata));
}
