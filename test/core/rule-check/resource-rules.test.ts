import { check, found } from './checked';

describe('resourceRules', () => {
  const part = (containers: string, nodes: string, label = 'container'): string =>
    `{containerLabel: ${label}, containerQuery: '${containers}', nodeQuery: '${nodes}', resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}, node: {resource: node}}}}`;
  const whole = (one: string): string => `resourceRules:\n  cpu: ${one}\n  memory: ${one}\n  window: 5m\n`;
  const PODS = 'sum by (<<.GroupBy>>) (rate(c_total{<<.LabelMatchers>>}[2m]))';
  const NODES = 'sum by (<<.GroupBy>>) (rate(n_total{<<.LabelMatchers>>}[2m]))';

  it('are good as upstream has them', () => {
    expect(found(whole(part(PODS, NODES)))).toEqual([]);
  });

  it.each([
    ['containers are not told apart', part('sum(rate(c_total{<<.LabelMatchers>>}[2m])) by (pod)', NODES), 2],
    ['a query is missing', part(PODS, ''), 2],
    ['a query is no PromQL', part(PODS, 'sum('), 2],
    ['a template is broken', part('<<.Series', NODES), 2],
    ['the label of containers is missing', part(PODS, NODES, "''"), 2],
  ])('are wrong if %s', (_, one, count) => {
    const ids = check(whole(one)).findings.map((finding) => finding.check);
    expect(ids).toEqual(Array.from({ length: count }, () => 'resource-rule-invalid'));
  });

  it('need the labels of what they are asked for', () => {
    const text = whole(
      `{containerLabel: c, containerQuery: '${PODS}', nodeQuery: '${NODES}', resources: {overrides: {pod: {resource: pod}}}}`,
    );
    expect(check(text).findings.map(({ message }) => message.split(',')[0])).toEqual([
      ...[
        'no label names namespaces',
        'no label names nodes',
        'no label names namespaces',
        'no label names nodes',
      ],
    ]);
  });
});
