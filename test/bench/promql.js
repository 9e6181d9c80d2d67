'use strict';
/**
 * The PromQL engine beside that of Prometheus, on the same series and queries: each in a process of its own, parsing
 * included. Prometheus' evaluates from its storage in memory.
 */
const { execFileSync, spawnSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { prepare, SeriesStore } = require('../../build/core/promql');

const SERIES = 10_000;
const SAMPLES = 41;
const INTERVAL_MS = 15_000;
const AT_MS = 1_000_000_000_000 + (SAMPLES - 1) * INTERVAL_MS;
const SECONDS = 2;
const MODULE = join(__dirname, '../conformance/prometheus');
const PROGRAM = join(__dirname, '../../build/conformance/prometheus-code');

const pods = (count) => Array.from({ length: count }, (_, index) => `pod-${index * 10 + 1}`).join('|');
const QUERIES = [
  ['a rule for 3 pods', `sum(rate(http_requests_total{namespace="ns-1",pod=~"${pods(3)}"}[5m])) by (pod)`],
  [
    'a rule for 100 pods',
    `sum(rate(http_requests_total{namespace="ns-1",pod=~"${pods(100)}"}[5m])) by (pod)`,
  ],
  ['an external rule', 'sum(rate(http_requests_total{namespace="ns-1"}[2m])) by ()'],
  ['a rate over 10,000 series', 'rate(http_requests_total[5m])'],
  ['a rate over 10,000 series, by pod', 'sum(rate(http_requests_total[5m])) by (pod)'],
  ['a ratio of 10,000 series', 'http_requests_total / http_requests_total'],
];

/** The labels of a counter of each pod. */
const LABELS = Array.from({ length: SERIES }, (_, index) => ({
  __name__: 'http_requests_total',
  namespace: `ns-${index % 10}`,
  pod: `pod-${index}`,
  job: 'api',
}));

/** The samples of a counter: times and values. */
function samplesOf(index) {
  return Array.from({ length: SAMPLES }, (_, sample) => [
    AT_MS - (SAMPLES - 1 - sample) * INTERVAL_MS,
    sample * ((index % 7) + 0.5),
  ]);
}

/** The same for Prometheus, a series a line. */
function jsonLines() {
  return LABELS.map((labels, index) => {
    const samples = samplesOf(index).map(([at, value]) => ({ at, value: String(value), start: 0 }));
    return JSON.stringify({ labels, samples });
  }).join('\n');
}

/** How often an action runs in a second. */
function perSecond(action) {
  let runs = 0;
  const began = process.hrtime.bigint();
  const seconds = () => Number(process.hrtime.bigint() - began) / 1e9;
  while (seconds() < SECONDS) {
    action();
    runs++;
  }
  return runs / seconds();
}

/** Queries per second of Prometheus, in the order of the questions; undefined without Go. */
function theirs() {
  if (spawnSync('go', ['version']).status !== 0) return undefined;
  mkdirSync(join(PROGRAM, '..'), { recursive: true });
  const env = { ...process.env, CGO_ENABLED: '0' };
  execFileSync('go', ['build', '-trimpath', '-o', PROGRAM, '.'], { cwd: MODULE, env, stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
  try {
    const maxBuffer = 2 ** 24;
    execFileSync(PROGRAM, ['tsdb', folder], { input: jsonLines(), maxBuffer });
    const questions = QUERIES.map(([, query]) => JSON.stringify({ query, at: AT_MS, seconds: SECONDS }));
    const answers = execFileSync(PROGRAM, ['time', folder], { input: questions.join('\n'), maxBuffer });
    return answers
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ runs, seconds }) => runs / seconds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function number(value) {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
}

const store = new SeriesStore();
for (const [index, labels] of LABELS.entries()) {
  const series = store.series(labels);
  for (const [at, value] of samplesOf(index)) series.append(at, value);
}
const own = QUERIES.map(([, query]) => {
  const plan = prepare(query);
  return [
    perSecond(() => plan.evaluate(store, AT_MS)),
    perSecond(() => prepare(query).evaluate(store, AT_MS)),
  ];
});
const real = theirs();
if (!real) console.log('queries per second: needs Go, for Prometheus beside the engine');
console.log(
  'PromQL queries per second              prepared    parsed too    Prometheus   parsed too against it',
);
for (const [index, [what]] of QUERIES.entries()) {
  const rates = [...own[index], real?.[index]];
  const cells = rates.map((rate) => (rate === undefined ? '' : number(rate)).padStart(13));
  const ratio = rates[2] === undefined ? '' : `${(rates[1] / rates[2]).toFixed(2)} ×`.padStart(10);
  console.log(`  ${what.padEnd(34)}${cells.join(' ')}${ratio}`);
}
