import { Counters } from '../../../core/workloads/counters';
import type { IncomingRequest, SeriesModel } from '../../../core/workloads/program';

const STILL: Omit<SeriesModel, 'name'> = {
  type: 'gauge',
  labels: {},
  start: 0,
  growth: () => 0,
  perSecond: 0,
  steps: [],
};

function request(method: string, body?: string): IncomingRequest {
  return { from: 'client', method, path: '/', body };
}

describe('the numbers of a running program', () => {
  it('grow by requests from where they start', () => {
    const counters = new Counters([
      {
        ...STILL,
        name: 'n',
        start: 5,
        growth: ({ method }) => (method === 'GET' ? 2 : 0),
        labels: { a: 'b' },
      },
    ]);
    for (const method of ['GET', 'PUT', 'GET']) counters.count(request(method));
    expect(counters.samples).toEqual([{ name: 'n', labels: { a: 'b' }, value: 9 }]);
  });

  it('are what a request sets them to', () => {
    const counters = new Counters([
      {
        ...STILL,
        name: 'n',
        growth: () => 1,
        sets: ({ body }) => (body === undefined ? undefined : Number(body)),
      },
    ]);
    const seen = [undefined, '7', undefined, '0'].map((body) => {
      counters.count(request('POST', body));
      return counters.samples[0]?.value;
    });
    expect(seen).toEqual([1, 7, 8, 0]);
  });

  it('appear with their first count where the model says so', () => {
    const late = { ...STILL, appears: 'with-first-count' } as const;
    const counters = new Counters([
      { ...late, name: 'counted', growth: ({ method }) => (method === 'GET' ? 1 : 0) },
      { ...late, name: 'set', sets: ({ method }) => (method === 'PUT' ? 0 : undefined) },
    ]);
    const names = () => counters.samples.map(({ name }) => name);
    expect(names()).toEqual([]);
    counters.count(request('POST'));
    expect(names()).toEqual([]);
    counters.count(request('PUT'));
    expect(names()).toEqual(['set']);
    counters.count(request('GET'));
    expect(names()).toEqual(['counted', 'set']);
  });
});
