import { parseTarget, requestFor } from '../../../core/rule-explain';
import { listed } from './fixture';

describe('parseTarget', () => {
  it.each([
    [
      'pods/shop/web-1',
      { api: 'custom', groupResource: { group: '', resource: 'pods' }, namespace: 'shop', objects: 'web-1' },
    ],
    ['nodes/n1', { api: 'custom', groupResource: { group: '', resource: 'nodes' }, objects: 'n1' }],
    [
      'ingresses.networking.k8s.io/shop/*',
      {
        api: 'custom',
        groupResource: { group: 'networking.k8s.io', resource: 'ingresses' },
        namespace: 'shop',
        objects: '*',
      },
    ],
    ['external/shop', { api: 'external', namespace: 'shop' }],
  ])('reads %s', (text, target) => {
    expect(parseTarget(text)).toEqual(target);
  });

  it.each(['', 'pods', 'pods/', '/a/b', 'pods/a/b/c', 'external/a/b'])('refuses "%s"', (text) => {
    expect(() => parseTarget(text)).toThrow(`"${text}" names no object: write pods/NAMESPACE/NAME`);
  });
});

describe('requestFor', () => {
  const { registry } = listed();

  it('takes * for the objects that series are of', () => {
    const request = requestFor(registry, 'hits_per_second', parseTarget('pod/shop/*'), undefined);
    expect(request).toMatchObject({ objects: ['web-1', 'web-2'] });
  });

  it('wants a namespace where there is one', () => {
    expect(() => requestFor(registry, 'x', parseTarget('pods/web-1'), undefined)).toThrow(
      'pods are in namespaces',
    );
  });

  it('refuses what is no selector', () => {
    expect(() => requestFor(registry, 'x', parseTarget('external/a'), 'a in (')).toThrow(
      'selector "a in (": ',
    );
  });
});
