import {
  autoscalerConflict,
  refuseUnmodelled,
  resourceProblems,
  scaledObjectConflicts,
  specProblems,
} from '../../../core/keda';
import { Inventory } from '../../../core/kube/inventory';
import { parseObject } from '../../../core/kube/object';
import { manifest, prometheus } from './support';

const CPU = { type: 'cpu', metricType: 'Utilization', metadata: { value: '50' } };

describe('the webhook refuses', () => {
  it('nothing of a sound ScaledObject', () => {
    expect(specProblems(manifest({ minReplicaCount: 2, maxReplicaCount: 10 }))).toEqual([]);
  });

  it.each([
    [{ minReplicaCount: 5, maxReplicaCount: 3 }, {}, 'MinReplicaCount=5 must be less than MaxReplicaCount=3'],
    [{ minReplicaCount: 101 }, {}, 'MinReplicaCount=101 must be less than MaxReplicaCount=100'],
    [{ idleReplicaCount: 0 }, {}, 'IdleReplicaCount=0 must be less than MinReplicaCount=0'],
    [
      { minReplicaCount: 2, idleReplicaCount: 2 },
      {},
      'IdleReplicaCount=2 must be less than MinReplicaCount=2',
    ],
    [
      { triggers: [prometheus({}, { name: 'a' }), prometheus({}, { name: 'a' })] },
      {},
      'triggerName "a" is defined multiple times in the ScaledObject/ScaledJob, but it must be unique',
    ],
    [
      { triggers: [{ ...CPU, useCachedMetrics: true }] },
      {},
      'property "useCachedMetrics" is not supported for "cpu" scaler',
    ],
    [{}, { name: 'x'.repeat(64) }, 'is 64 characters long; must be no more than 63 characters because'],
    [{}, { name: 'x'.repeat(55) }, 'derived from scaledobject is 64 characters long'],
  ])('%j %j', (spec, metadata, problem) => {
    expect(specProblems(manifest(spec, metadata))).toEqual([expect.stringContaining(problem)]);
  });

  it('a second ScaledObject of a workload, or of an autoscaler', () => {
    const first = manifest();
    expect(scaledObjectConflicts(manifest({}, { name: 'b' }), [first])).toEqual([
      "the workload 'api' of type 'apps/v1.Deployment' is already managed by the ScaledObject 'api'",
    ]);
    const named = {
      scaleTargetRef: { name: 'b' },
      advanced: { horizontalPodAutoscalerConfig: { name: 'keda-hpa-api' } },
    };
    expect(scaledObjectConflicts(manifest(named, { name: 'b' }), [first])).toEqual([
      "the HPA 'keda-hpa-api' is already managed by the ScaledObject 'api'",
    ]);
    expect(scaledObjectConflicts(manifest({}, { namespace: 'other' }), [first])).toEqual([]);
  });

  describe('a workload that an autoscaler scales', () => {
    const hpa = (annotations: Readonly<Record<string, string>> = {}) =>
      parseObject(
        {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'mine', namespace: 'shop', annotations },
          spec: {
            scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
            maxReplicas: 1,
          },
        },
        'test',
      );
    const transfer = { annotations: { 'scaledobject.keda.sh/transfer-hpa-ownership': 'true' } };

    it.each([
      [{}, {}, {}, "the workload 'api' of type 'apps/v1.Deployment' is already managed by the hpa 'mine'"],
      [{}, transfer, {}, "the existing hpa 'mine' for workload 'api'"],
      [{ advanced: { horizontalPodAutoscalerConfig: { name: 'mine' } } }, transfer, {}, undefined],
      [{}, {}, { 'validations.keda.sh/hpa-ownership': 'false' }, undefined],
      [{ scaleTargetRef: { name: 'other' } }, {}, {}, undefined],
      [{ scaleTargetRef: { name: 'api', kind: 'StatefulSet' } }, {}, {}, undefined],
    ])('%j %j %j', (spec, metadata, annotations, problem) => {
      const found = autoscalerConflict(manifest(spec, metadata), hpa(annotations));
      if (problem === undefined) expect(found).toBeUndefined();
      else expect(found).toContain(problem);
    });
  });

  it('no autoscaler of another namespace', () => {
    const hpa = parseObject(
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'mine', namespace: 'other' },
        spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' }, maxReplicas: 1 },
      },
      'test',
    );
    expect(autoscalerConflict(manifest(), hpa)).toBeUndefined();
  });

  it('no memory that is limited, which is requested thereby', () => {
    const memory = { type: 'memory', metricType: 'Utilization', metadata: { value: '50' } };
    const limited = (amount: string) =>
      new Inventory([
        parseObject(
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: 'api', namespace: 'shop' },
            spec: {
              selector: {},
              template: { spec: { containers: [{ name: 'a', resources: { limits: { memory: amount } } }] } },
            },
          },
          'test',
        ),
      ]).deployments[0];
    const spec = { minReplicaCount: 1, triggers: [memory] };
    expect(resourceProblems(manifest(spec), limited('1Gi'))).toEqual([]);
    expect(resourceProblems(manifest(spec), limited('0'))).toHaveLength(1);
  });

  it('CPU of containers that request none, and CPU alone from zero', () => {
    const container = (name: string, requests: object) => ({ name, resources: { requests } });
    const object = parseObject(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'api', namespace: 'shop' },
        spec: {
          selector: {},
          template: {
            spec: { containers: [container('a', { cpu: '1' }), container('b', { memory: '1Mi' })] },
          },
        },
      },
      'test',
    );
    const [workload] = new Inventory([object]).deployments;
    const toZero =
      "scaledobject has only cpu/memory triggers AND minReplica is 0 (scale to zero doesn't work in this case)";
    expect(resourceProblems(manifest({ triggers: [CPU] }), workload)).toEqual([
      "the scaledobject has a cpu trigger but the container b doesn't have the cpu request defined",
      toZero,
    ]);
    const one = { ...CPU, metadata: { value: '50', containerName: 'a' } };
    expect(resourceProblems(manifest({ minReplicaCount: 1, triggers: [one] }), workload)).toEqual([]);
    expect(resourceProblems(manifest({ triggers: [one, prometheus()] }), workload)).toEqual([]);
  });
});

describe('what is not modelled', () => {
  it.each([
    [{ fallback: { failureThreshold: 3, replicas: 6 } }, {}, 'spec.fallback'],
    [{ advanced: { scalingModifiers: { formula: 'a', target: '1' } } }, {}, 'spec.advanced.scalingModifiers'],
    [{ triggers: [prometheus({}, { useCachedMetrics: true })] }, {}, 'useCachedMetrics of spec.triggers[0]'],
    [
      { triggers: [prometheus({}, { authenticationRef: { name: 'a' } })] },
      {},
      'authenticationRef of spec.triggers[0]',
    ],
    [{}, { annotations: { 'autoscaling.keda.sh/paused': 'true' } }, 'annotation autoscaling.keda.sh/paused'],
    [
      {},
      { annotations: { 'autoscaling.keda.sh/paused-replicas': '0' } },
      'annotation autoscaling.keda.sh/paused-replicas',
    ],
  ])('%j %j', (spec, metadata, what) => {
    expect(() => refuseUnmodelled(manifest(spec, metadata))).toThrow(`ScaledObject shop/api with ${what}`);
  });

  it('an annotation that is false is none', () => {
    const annotations = { 'autoscaling.keda.sh/paused': 'false' };
    expect(() => refuseUnmodelled(manifest({}, { annotations }))).not.toThrow();
  });
});
