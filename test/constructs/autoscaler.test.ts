import { App, Autoscaler, ResourceMetric, unchecked, type ScalingBehavior } from '../../constructs';
import { only, render } from './render';

const target = new App({ namespace: 'shop', name: 'cart', ports: { http: 80 }, replicas: 'autoscaled' });
const requests = unchecked.podsMetric('requests_per_second');

describe('an autoscaler', () => {
  it('renders every property, newer than the API level of the raw classes or not', () => {
    const behavior: Required<ScalingBehavior> = {
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [
          { type: 'Pods', value: 4, periodSeconds: 15 },
          { type: 'Percent', value: 100, periodSeconds: 15 },
        ],
        tolerance: '0.05',
      },
      scaleDown: { stabilizationWindowSeconds: 120, selectPolicy: 'Disabled', tolerance: '0' },
    };
    const queue = { apiVersion: 'v1', kind: 'Service', name: 'queue' } as const;
    const objects = render((chart) => {
      new Autoscaler(chart, 'hpa', {
        target,
        min: 1,
        max: 10,
        metrics: [
          requests.average('2500m'),
          unchecked.objectMetric('depth', 'Service').value(queue, '10'),
          unchecked.objectMetric('depth', 'Service').average(queue, '2'),
          unchecked.externalMetric('jobs').value('5'),
          unchecked.externalMetric('jobs').where({ queue: 'mail' }).average('1'),
          ResourceMetric.cpu.utilization(90),
          ResourceMetric.memory.of('cart').average('200Mi'),
        ],
        behavior,
      });
    });
    expect(only(objects)).toEqual({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
        minReplicas: 1,
        maxReplicas: 10,
        metrics: [
          {
            type: 'Pods',
            pods: {
              metric: { name: 'requests_per_second' },
              target: { type: 'AverageValue', averageValue: '2500m' },
            },
          },
          {
            type: 'Object',
            object: {
              describedObject: queue,
              metric: { name: 'depth' },
              target: { type: 'Value', value: '10' },
            },
          },
          {
            type: 'Object',
            object: {
              describedObject: queue,
              metric: { name: 'depth' },
              target: { type: 'AverageValue', averageValue: '2' },
            },
          },
          { type: 'External', external: { metric: { name: 'jobs' }, target: { type: 'Value', value: '5' } } },
          {
            type: 'External',
            external: {
              metric: { name: 'jobs', selector: { matchLabels: { queue: 'mail' } } },
              target: { type: 'AverageValue', averageValue: '1' },
            },
          },
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 90 } },
          },
          {
            type: 'ContainerResource',
            containerResource: {
              name: 'memory',
              container: 'cart',
              target: { type: 'AverageValue', averageValue: '200Mi' },
            },
          },
        ],
        behavior,
      },
    });
  });

  it('leaves the behavior to Kubernetes unless it is told', () => {
    const object = only(
      render(
        (chart) => new Autoscaler(chart, 'hpa', { target, min: 1, max: 2, metrics: [requests.average('1')] }),
      ),
    );
    expect(object['spec']).not.toHaveProperty('behavior');
  });

  it('refuses bounds that cannot hold', () => {
    const metrics = [requests.average('1')] as const;
    expect(() =>
      render((chart) => new Autoscaler(chart, 'hpa', { target, min: 3, max: 2, metrics: [...metrics] })),
    ).toThrow('stage/hpa, autoscaler of cart: min 3 is above max 2');
  });

  it('refuses a target that is no quantity', () => {
    expect(() => requests.average('25 per second')).toThrow('25 per second');
    expect(() => unchecked.externalMetric('jobs').value('many')).toThrow('many');
    expect(() => ResourceMetric.cpu.utilization(0.9)).toThrow('0.9% cannot be a utilization');
  });
});
