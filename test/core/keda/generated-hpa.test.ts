import { generatedHpa } from '../../../core/keda';
import { validateHpa, parseHpaSpec } from '../../../core/hpa';
import { prometheus, scaledObject } from './support';

describe('the autoscaler that KEDA makes', () => {
  it('has its name, labels, owner, target, limits and metric from the ScaledObject', () => {
    const hpa = generatedHpa(
      scaledObject({ minReplicaCount: 2, maxReplicaCount: 10 }, { labels: { team: 'a' } }),
      '2.20.2',
    );
    expect(hpa).toEqual({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: {
        name: 'keda-hpa-api',
        namespace: 'shop',
        labels: {
          'app.kubernetes.io/name': 'keda-hpa-api',
          'app.kubernetes.io/version': '2.20.2',
          'app.kubernetes.io/part-of': 'api',
          'app.kubernetes.io/managed-by': 'keda-operator',
          'scaledobject.keda.sh/name': 'api',
          team: 'a',
        },
        ownerReferences: [
          {
            apiVersion: 'keda.sh/v1alpha1',
            kind: 'ScaledObject',
            name: 'api',
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
        minReplicas: 2,
        maxReplicas: 10,
        metrics: [
          {
            type: 'External',
            external: {
              metric: {
                name: 's0-prometheus',
                selector: { matchLabels: { 'scaledobject.keda.sh/name': 'api' } },
              },
              target: { type: 'AverageValue', averageValue: '100' },
            },
          },
        ],
      },
    });
    expect(validateHpa(parseHpaSpec(hpa['spec'], 'test'), 'keda-hpa-api')).toEqual([]);
  });

  it('has KEDA’s defaults: at least one pod, at most a hundred', () => {
    expect(generatedHpa(scaledObject(), 'v')['spec']).toMatchObject({ minReplicas: 1, maxReplicas: 100 });
  });

  it('has another name, and behavior, if told so', () => {
    const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };
    const hpa = generatedHpa(
      scaledObject({ advanced: { horizontalPodAutoscalerConfig: { name: 'mine', behavior } } }),
      'v',
    );
    expect(hpa.metadata.name).toBe('mine');
    expect(hpa['spec']).toMatchObject({ behavior });
  });

  it('sorts its metrics by type, those of one type as the triggers are', () => {
    const cpu = { type: 'cpu', metricType: 'Utilization', metadata: { value: '50' } };
    const one = { ...cpu, metadata: { value: '60', containerName: 'c' } };
    const whole = prometheus({ threshold: '0.5' }, { metricType: 'Value' });
    const { metrics } = generatedHpa(scaledObject({ triggers: [cpu, prometheus(), one, whole] }), 'v')[
      'spec'
    ] as {
      metrics: unknown[];
    };
    expect(metrics).toMatchObject([
      { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'c' } },
      { type: 'External', external: { metric: { name: 's1-prometheus' } } },
      {
        type: 'External',
        external: { metric: { name: 's3-prometheus' }, target: { type: 'Value', value: '500m' } },
      },
      { type: 'Resource', resource: { name: 'cpu' } },
    ]);
  });

  it('hands annotations on, leaves out labels that are excluded, and shortens the label with its name', () => {
    const annotations = { 'scaledobject.keda.sh/hpa-excluded-labels': 'a,scaledobject.keda.sh/name' };
    const name = `${'x'.repeat(53)}-y`;
    const { metadata } = generatedHpa(
      scaledObject({}, { name, annotations, labels: { a: '1', b: '2' } }),
      'v',
    );
    expect(metadata.annotations).toEqual(annotations);
    expect(Object.keys(metadata.labels ?? {})).toEqual([
      'app.kubernetes.io/name',
      'app.kubernetes.io/version',
      'app.kubernetes.io/part-of',
      'app.kubernetes.io/managed-by',
      'b',
    ]);
    expect(metadata.labels?.['app.kubernetes.io/name']).toBe(`keda-hpa-${'x'.repeat(53)}`);
  });

  it('does not scale in a direction that is paused', () => {
    const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };
    const annotations = {
      'autoscaling.keda.sh/paused-scale-in': 'yes',
      'autoscaling.keda.sh/paused-scale-out': 'false',
    };
    const advanced = { horizontalPodAutoscalerConfig: { behavior } };
    expect(generatedHpa(scaledObject({ advanced }, { annotations }), 'v')['spec']).toMatchObject({
      behavior: { scaleDown: { stabilizationWindowSeconds: 60, selectPolicy: 'Disabled' } },
    });
  });
});
