import { resourceMetrics } from './resource-metrics';

test('tells what containers use, and of the node their sum', () => {
  const container = (name: string, cpuSeconds: number) => ({
    ...{ namespace: 'demo', pod: 'podinfo-1', container: name, startedAt: '2026-01-01T00:00:00.500Z' },
    usage: { cpuSeconds, workingSetBytes: 1000 },
  });
  expect(resourceMetrics([container('a', 1.5), container('b', 2)], 1234)).toBe(
    [
      '# TYPE container_cpu_usage_seconds_total counter',
      'container_cpu_usage_seconds_total{container="a",namespace="demo",pod="podinfo-1"} 1.5 1234',
      'container_cpu_usage_seconds_total{container="b",namespace="demo",pod="podinfo-1"} 2 1234',
      '# TYPE container_memory_working_set_bytes gauge',
      'container_memory_working_set_bytes{container="a",namespace="demo",pod="podinfo-1"} 1000 1234',
      'container_memory_working_set_bytes{container="b",namespace="demo",pod="podinfo-1"} 1000 1234',
      '# TYPE container_start_time_seconds gauge',
      'container_start_time_seconds{container="a",namespace="demo",pod="podinfo-1"} 1767225600.5 1234',
      'container_start_time_seconds{container="b",namespace="demo",pod="podinfo-1"} 1767225600.5 1234',
      '# TYPE node_cpu_usage_seconds_total counter',
      'node_cpu_usage_seconds_total 3.5 1234',
      '# TYPE node_memory_working_set_bytes gauge',
      'node_memory_working_set_bytes 2000 1234',
      '',
    ].join('\n'),
  );
});
