import { scaledObjectIn } from '../../../core/keda';
import { Selector } from '../../../core/kube/selector';
import { scaledObject } from './support';

describe('a ScaledObject without a field', () => {
  it('has the default of KEDA for it', () => {
    expect(scaledObject()).toMatchObject({
      autoscaler: 'keda-hpa-api',
      target: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
      pollingIntervalMs: 30_000,
      initialCooldownMs: 0,
      cooldownMs: 300_000,
      minReplicas: 0,
      maxReplicas: 100,
      idleReplicas: undefined,
      behavior: undefined,
    });
  });
});

describe('the selector of a request for an external metric', () => {
  const asked = (text: string) => scaledObjectIn(Selector.parse(text));

  it('names the ScaledObject', () => {
    expect(asked('scaledobject.keda.sh/name=api')).toBe('api');
    expect(asked('a=b,scaledobject.keda.sh/name=api')).toBe('api');
  });

  it.each([
    ['a=b', 'scaledObject name is not specified'],
    ['', 'scaledObject name is not specified'],
    ['scaledobject.keda.sh/name!=api', 'invalid selector: scaledobject.keda.sh/name!=api'],
    ['scaledobject.keda.sh/name in (api)', 'invalid selector: scaledobject.keda.sh/name in (api)'],
    ['scaledobject.keda.sh/name', 'invalid selector: scaledobject.keda.sh/name'],
  ])('"%s" does not', (text, error) => {
    expect(asked(text)).toEqual({ error });
  });
});
