import { History } from '../../../apps/cluster-metrics/history';
import { areaChart } from '../../../apps/cluster-metrics/page/area-chart';
import { capacityView } from '../../../apps/cluster-metrics/page/view';
import { clusterCapacity } from '../../../core/workloads/capacity';
import { readCapacityConfig } from '../../../core/workloads/capacity-config';
import { node, pod } from '../../core/workloads/cluster-state';

const MINUTE_MS = 60_000;

/** A node of 100 cores and 64 Gi, of which others and opportunistic pods request so many cores. */
function capacity(others: string, opportunistic: string, selector = 'work/app=worker') {
  const variables: Readonly<Record<string, string>> = { RESERVE_CPU: '10', OPPORTUNISTIC_SELECTOR: selector };
  const worker = pod('w', opportunistic, { namespace: 'work', labels: { app: 'worker' } });
  return clusterCapacity(
    { nodes: [node('n1', '100')], pods: [pod('a', others), worker] },
    readCapacityConfig((name) => variables[name]),
  );
}

function pathOf(svg: string, name: string): string | undefined {
  return new RegExp(`<path\\s+class="${name}"\\s+d="([^"]*)"`).exec(svg)?.[1];
}

describe('the history', () => {
  it('keeps the newest points, and ends with what is now', () => {
    const history = new History(2);
    for (const minute of [1, 2, 3]) history.add(minute * MINUTE_MS, capacity(`${minute}`, '5'));
    const now = { atMs: 4 * MINUTE_MS, allocatable: 100_000, others: 4000, opportunistic: 5000 };
    expect(history.with(now.atMs, capacity('4', '5'))).toEqual([
      [{ ...now, atMs: 2 * MINUTE_MS, others: 2000 }, { ...now, atMs: 3 * MINUTE_MS, others: 3000 }, now],
    ]);
  });

  it('is interrupted where the capacity was not known', () => {
    const history = new History(5);
    for (const others of [undefined, '1', undefined, undefined, '2'])
      history.add(0, others === undefined ? undefined : capacity(others, '5'));
    const stretches = history.with(0, capacity('3', '5'));
    expect(stretches.map((stretch) => stretch.map(({ others }) => others))).toEqual([[1000], [2000, 3000]]);
  });
});

describe('the picture', () => {
  const point = (minute: number, others: number, opportunistic: number) => ({
    ...{ atMs: minute * MINUTE_MS, allocatable: 100_000 },
    ...{ others: others * 1000, opportunistic: opportunistic * 1000 },
  });

  it('stacks opportunistic pods on others, below what is allocatable and what is kept free of that', () => {
    const svg = areaChart([[point(0, 25, 50), point(30, 50, 25), point(60, 100, 0)]], 10_000).text;
    expect(pathOf(svg, 'others')).toBe('M0.0,240 L0.0,180.0 L500.0,120.0 L1000.0,0.0 L1000.0,240 Z');
    expect(pathOf(svg, 'opportunistic')).toBe('M0.0,240 L0.0,60.0 L500.0,60.0 L1000.0,0.0 L1000.0,240 Z');
    expect(pathOf(svg, 'line allocatable')).toBe('M0.0,0.0 L500.0,0.0 L1000.0,0.0');
    expect(pathOf(svg, 'line limit')).toBe('M0.0,24.0 L500.0,24.0 L1000.0,24.0');
    expect([...svg.matchAll(/<span>([^<]*)<\/span>/g)].map(([, text]) => text)).toEqual([
      ...['100', '75', '50', '25', '0'],
      ...['00:00 UTC', '01:00 UTC'],
    ]);
  });

  it('has nothing where nothing was known', () => {
    const svg = areaChart(
      [
        [point(0, 25, 0), point(20, 25, 0)],
        [point(80, 50, 0), point(100, 50, 0)],
      ],
      0,
    ).text;
    expect(pathOf(svg, 'others')).toBe(
      'M0.0,240 L0.0,180.0 L200.0,180.0 L200.0,240 Z M800.0,240 L800.0,120.0 L1000.0,120.0 L1000.0,240 Z',
    );
    expect(pathOf(svg, 'line allocatable')).toBe('M0.0,0.0 L200.0,0.0 M800.0,0.0 L1000.0,0.0');
  });

  it('is as high as what pods want, where that is more than there is', () => {
    const svg = areaChart([[point(0, 150, 0), point(1, 0, 0)]], 0).text;
    expect(pathOf(svg, 'others')).toBe('M0.0,240 L0.0,15.0 L1000.0,240.0 L1000.0,240 Z');
    expect(svg).toContain('<span>160</span>');
  });

  it('needs two moments', () => {
    expect(areaChart([[point(0, 1, 1)]], 0).text).toContain('The picture begins with the next measurement.');
  });
});

describe('the page', () => {
  const view = (others: string, opportunistic: string, hasOpportunistic = true) =>
    capacityView({ nowMs: 0, capacity: capacity(others, opportunistic), history: [], hasOpportunistic })
      .text.replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ');

  it('has figures in cores and GiB', () => {
    const text = view('30', '15');
    for (const figure of [
      '1 of 1 nodes take pods',
      '60 opportunistic slots, 1 CPU each',
      '15 cores of opportunistic pods',
      '55 cores that nobody requests',
      '0 pods that wait for a node',
      'others 30 cores · 30% opportunistic 15 cores · 15% free 45 cores · 45% reserve 10 cores · 10%',
      '64 GiB allocatable',
    ]) {
      expect(text).toContain(figure);
    }
  });

  it('says how much is wanted beyond what there is', () => {
    const text = view('130', '5.5');
    expect(text).toContain('35.5 cores requested beyond what there is');
    expect(text).toContain('wanted beyond that 35.5 cores');
  });

  it('does not count opportunistic pods where none are told apart', () => {
    expect(view('1', '1', false)).toContain('– cores of opportunistic pods');
  });
});
