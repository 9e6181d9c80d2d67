import fc from 'fast-check';
import { route } from '../../../../core/adapter/api';
import { CUSTOM, get } from './routing';

/** Targets that are near to what is served. */
const nearTargets = fc
  .array(
    fc.constantFrom(
      ...['apis', 'explain', 'custom.metrics.k8s.io', 'metrics.k8s.io', 'external.metrics.k8s.io', 'v1beta1'],
      ...[
        'namespaces',
        'pods',
        'nodes',
        'metrics',
        'status',
        'watch',
        '*',
        '',
        '.',
        '..',
        '%2f',
        '%25',
        '%e2%82%ac',
      ],
      ...['?labelSelector=a%3Db', '?watch=1', '?fieldSelector=metadata.name%3Da', '%', '\\'],
    ),
    { maxLength: 9 },
  )
  .map((segments) => `/${segments.join('/')}`);

test('whatever is asked for, it is routed, and what is served is authorized', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'HEAD', 'POST'),
      fc.oneof(nearTargets, fc.string()),
      (method, target) => {
        const routed = route(method, target);
        if (routed.kind !== 'refused') expect(routed.attributes.verb).not.toBe('');
        else expect([400, 404, 405, 422, 500]).toContain(routed.status.code);
      },
    ),
    { numRuns: 2000 },
  );
});

const LONE_SURROGATE = /\p{Surrogate}/u;

test('a namespace, a name and a metric come out as they went in', () => {
  const segment = fc
    .string({ unit: 'binary', minLength: 1 })
    .filter(
      (text) => !LONE_SURROGATE.test(text) && !/[/\0]/.test(text) && !['status', 'finalize'].includes(text),
    );
  fc.assert(
    fc.property(segment, segment, segment, (namespace, name, metric) => {
      const [a, b, c] = [namespace, name, metric].map((text) => encodeURIComponent(text));
      expect(get(`${CUSTOM}/namespaces/${a}/pods/${b}/${c}`)).toMatchObject({
        kind: 'custom',
        namespace,
        name,
        metric,
        attributes: { namespace, name, resource: 'pods', subresource: metric },
      });
    }),
  );
});
