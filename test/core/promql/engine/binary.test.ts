import { load, scalarOf, SECOND, vectorAt } from '../support';

describe('scalars', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['-2 ^ ---1 * 3', -1.5],
    ['2 / -2 ^ ---1 * 3 + 2', -10],
    ['- - - 1', -1],
    ['7 % 4', 3],
    ['-7 % 4', -3],
    ['1 / 0', Infinity],
    ['0 / 0', Number.NaN],
    ['1 ^ NaN', 1],
    ['-1 ^ Inf', -1],
    ['(-1) ^ Inf', 1],
    ['2 > bool 1', 1],
    ['1 >= bool 2', 0],
    ['NaN == bool NaN', 0],
    ['NaN != bool NaN', 1],
    ['1 < bool 2', 1],
    ['1 <= bool 1', 1],
    ['-time()', -90],
    ['+time()', 90],
    ['5m', 300],
  ])('%s is %d', (query, expected) => {
    expect(scalarOf(query, 90 * SECOND)).toBe(expected);
  });
});

describe('a vector and a scalar', () => {
  const store = load(SECOND, { 'm{a="1"}': '1', 'm{a="2"}': '2', 'm{a="3"}': 'NaN' });

  it.each([
    ['m + 1', { '{a="1"}': 2, '{a="2"}': 3, '{a="3"}': Number.NaN }],
    ['10 - m', { '{a="1"}': 9, '{a="2"}': 8, '{a="3"}': Number.NaN }],
    ['-m', { '{a="1"}': -1, '{a="2"}': -2, '{a="3"}': Number.NaN }],
    ['+m', { 'm{a="1"}': 1, 'm{a="2"}': 2, 'm{a="3"}': Number.NaN }],
    ['m > 1', { 'm{a="2"}': 2 }],
    ['1 < m', { 'm{a="2"}': 2 }],
    ['m != 1', { 'm{a="2"}': 2, 'm{a="3"}': Number.NaN }],
    ['m == bool 1', { '{a="1"}': 1, '{a="2"}': 0, '{a="3"}': 0 }],
    ['1 >= bool m', { '{a="1"}': 1, '{a="2"}': 0, '{a="3"}': 0 }],
    ['m * scalar(vector(3)) < 4', { '{a="1"}': 3 }],
  ])('%s', (query, expected) => {
    expect(vectorAt(store, query, 0)).toEqual(expected);
  });

  it('drops type and unit with the name', () => {
    const typed = load(SECOND, { 'm{__type__="gauge",__unit__="bytes",a="1"}': '1' });
    expect(vectorAt(typed, 'm / 2', 0)).toEqual({ '{a="1"}': 0.5 });
  });

  it('cannot drop the only difference between two series', () => {
    const named = load(SECOND, { 'x{a="1"}': '1', 'y{a="1"}': '1' });
    expect(() => vectorAt(named, '{a="1"} * 2', 0)).toThrow(
      'vector cannot contain metrics with the same labelset',
    );
    expect(vectorAt(named, '{a="1"} > 0', 0)).toEqual({ 'x{a="1"}': 1, 'y{a="1"}': 1 });
  });
});

describe('two vectors', () => {
  const store = load(SECOND, {
    'cpu{instance="abc",job="node",mode="idle"}': '3',
    'cpu{instance="abc",job="node",mode="user"}': '1',
    'cpu{instance="def",job="node",mode="idle"}': '8',
    'cpu{instance="def",job="node",mode="user"}': '2',
    'var{instance="abc",job="node"}': '2',
    'other{instance="abc",job="node"}': '5',
    'role{instance="abc",job="node",role="prometheus"}': '1',
    'limit{instance="abc",mode="user"}': '0',
  });

  it.each([
    ['var / var', { '{instance="abc", job="node"}': 1 }],
    ['var + nothing', {}],
    ['nothing + var', {}],
    ['var * on (instance) role', { '{instance="abc"}': 2 }],
    ['var * ignoring (role) role', { '{instance="abc", job="node"}': 2 }],
    ['var > on (instance) role', { '{instance="abc"}': 2 }],
    ['var > on (instance, __name__) var', {}],
    ['var == on (instance, __name__) var', { 'var{instance="abc"}': 2 }],
    ['var > ignoring (role) role', { 'var{instance="abc", job="node"}': 2 }],
    ['var < bool ignoring (role) role', { '{instance="abc", job="node"}': 0 }],
    ['var * on (instance) group_left (role) role', { '{instance="abc", job="node", role="prometheus"}': 2 }],
    [
      'role - on (instance) group_right (role) var',
      { '{instance="abc", job="node", role="prometheus"}': -1 },
    ],
    [
      'cpu * on (instance) group_left (role) role',
      {
        '{instance="abc", job="node", mode="idle", role="prometheus"}': 3,
        '{instance="abc", job="node", mode="user", role="prometheus"}': 1,
      },
    ],
    [
      'cpu / ignoring (mode) group_left (absent) sum without (mode) (cpu)',
      {
        '{instance="abc", job="node", mode="idle"}': 0.75,
        '{instance="abc", job="node", mode="user"}': 0.25,
        '{instance="def", job="node", mode="idle"}': 0.8,
        '{instance="def", job="node", mode="user"}': 0.2,
      },
    ],
    ['cpu > on (instance, mode) group_left () limit', { 'cpu{instance="abc", job="node", mode="user"}': 1 }],
    [
      'sum by (job, mode) (cpu) / on (job) group_left sum by (job) (cpu)',
      { '{job="node", mode="idle"}': 11 / 14, '{job="node", mode="user"}': 3 / 14 },
    ],
  ])('%s', (query, expected) => {
    expect(vectorAt(store, query, 0)).toEqual(expected);
  });

  it.each([
    [
      'var * on (job) cpu',
      'found duplicate series for the match group {job="node"} on the right hand-side of the operation: ' +
        '[{__name__="cpu", instance="abc", job="node", mode="user"}, ' +
        '{__name__="cpu", instance="abc", job="node", mode="idle"}];' +
        'many-to-many matching not allowed: matching labels must be unique on one side',
    ],
    ['cpu * on (instance) group_right () var', 'on the left hand-side of the operation'],
    ['cpu * on (instance) var', 'many-to-one matching must be explicit (group_left/group_right)'],
    ['cpu > on (instance) var', 'many-to-one matching must be explicit (group_left/group_right)'],
    [
      'cpu + on (instance) group_left (mode) var',
      'multiple matches for labels: grouping labels must ensure unique matches',
    ],
    ['{instance="abc",mode=~"|idle"} * on (job, __name__) cpu', 'found duplicate series'],
    [
      '{job="node",mode="",role=""} * on (instance, __name__) {job="node",mode="",role=""}',
      'vector cannot contain metrics with the same labelset',
    ],
  ])('%s fails: %s', (query, problem) => {
    expect(() => vectorAt(store, query, 0)).toThrow(problem);
  });
});

describe('set operators', () => {
  const store = load(SECOND, {
    'x{a="1",b="p"}': '1',
    'x{a="2",b="p"}': '2',
    'y{a="2",b="q"}': '20',
    'y{a="3",b="q"}': '30',
  });

  it.each([
    ['x and y', {}],
    ['x and on (a) y', { 'x{a="2", b="p"}': 2 }],
    ['x and ignoring (b) y', { 'x{a="2", b="p"}': 2 }],
    ['x unless on (a) y', { 'x{a="1", b="p"}': 1 }],
    ['x unless nothing', { 'x{a="1", b="p"}': 1, 'x{a="2", b="p"}': 2 }],
    ['x or on (a) y', { 'x{a="1", b="p"}': 1, 'x{a="2", b="p"}': 2, 'y{a="3", b="q"}': 30 }],
    ['nothing or y > 20', { 'y{a="3", b="q"}': 30 }],
    ['x and on () vector(1)', { 'x{a="1", b="p"}': 1, 'x{a="2", b="p"}': 2 }],
    ['sum(nothing) or vector(0)', { '{}': 0 }],
    ['sum(x) or vector(0)', { '{}': 3 }],
  ])('%s', (query, expected) => {
    expect(vectorAt(store, query, 0)).toEqual(expected);
  });
});
