import { metricNames, reportRules } from '../../../core/rule-explain';
import { listed } from './fixture';

describe('reportRules', () => {
  it('tells what every rule makes of its series', () => {
    const [hits, size, load] = reportRules(listed().registry);
    expect(hits).toEqual({
      rule: 'rules[0]',
      seriesQuery: 'hits_total{namespace!="",pod!=""}',
      series: 2,
      error: undefined,
      metrics: [
        { name: 'namespaces/hits_per_second', series: 'hits_total', namespaced: false },
        { name: 'pods/hits_per_second', series: 'hits_total', namespaced: true },
      ],
      excluded: [],
      unmapped: [],
    });
    expect(size?.excluded).toEqual(['"go_size" matches seriesFilters[0].isNot "^go_"']);
    expect(load?.metrics).toEqual([{ name: 'nodes/node_load', series: 'node_load', namespaced: false }]);
  });

  it('notes beside a refused selector what the adapter itself makes of it', () => {
    const rule = (query: string) =>
      `- seriesQuery: ${query}\n  resources: {template: <<.Resource>>}\n  metricsQuery: up\n`;
    const { registry } = listed(`rules:\n${rule('up')}${rule('up{')}`, 'up{pod="a"} 1\n', 0);
    expect(reportRules(registry).map(({ note, metrics }) => [note?.slice(0, 83), metrics.length])).toEqual([
      [undefined, 1],
      ['prometheus-adapter itself lists no metric of rules while rules[1].seriesQuery is re', 0],
    ]);
  });

  it('tells which series are of no object, and which rule counts instead', () => {
    const rule = '- seriesQuery: up\n  resources: {template: <<.Resource>>}\n  metricsQuery: up\n';
    const { registry } = listed(`rules:\n${rule}${rule}`, 'up{pod="a"} 1\nup{x="y"} 1\n', 0);
    const [first, last] = reportRules(registry);
    expect(first?.metrics).toEqual([
      { name: 'pods/up', series: 'up', namespaced: true, replacedBy: 'rules[1] (up)' },
    ]);
    expect(last?.metrics).toEqual([{ name: 'pods/up', series: 'up', namespaced: true }]);
    expect(last?.unmapped).toEqual(['up']);
  });
});

describe('metricNames', () => {
  it('are those of discovery', () => {
    expect(metricNames(listed().registry)).toEqual([
      ...[
        'namespaces/hits_per_second',
        'namespaces/size',
        'nodes/node_load',
        'pods/hits_per_second',
        'pods/size',
      ],
      ...['queue', 'waiting'],
    ]);
  });
});
