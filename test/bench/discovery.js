'use strict';
/**
 * From what Prometheus lists to the metrics that the adapter serves, under the default rules: our registry beside
 * prometheus-adapter's, each in a process of its own, from the same files.
 */
const { execFileSync, spawnSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { Registry } = require('../../build/core/adapter');
const { ApiResources } = require('../../build/core/kube/api-resources');
const { defaultRules, parseAdapterConfig } = require('../../build/core/rules');

const SERIES = 100_000;
const PODS = 1000;
const MODULE = join(__dirname, '../conformance/adapter');
const PROGRAM = join(__dirname, '../../build/conformance/adapter');
const RULES = defaultRules({ labelPrefix: '', rateIntervalMs: 300_000, upstreamOnly: true });
const RESOURCES = [...ApiResources.builtin()];

/** Half of what the containers of a thousand pods use, half of what their programs count. */
function seriesOf(index) {
  const pod = index % PODS;
  const number = Math.floor(index / PODS);
  const labels = {
    namespace: `ns-${pod % 20}`,
    pod: `web-${pod}`,
    instance: `10.0.${pod % 250}.7:8080`,
    job: 'web',
  };
  return number < SERIES / PODS / 2
    ? { __name__: `container_thing_${number}_seconds_total`, container: 'app', image: 'web:1', ...labels }
    : { __name__: `requests_${number}_total`, service: 'web', code: String(200 + (number % 5)), ...labels };
}

/** Files with the listings, by selector. */
function writeListings(folder, registry) {
  const all = Array.from({ length: SERIES }, (_, index) => seriesOf(index));
  const isContainer = ({ __name__ }) => __name__.startsWith('container_');
  const files = {};
  for (const [index, selector] of registry
    .listings()
    .map(({ selector }) => selector)
    .entries()) {
    const listed = all.filter((series) => isContainer(series) === selector.includes('=~"^container_'));
    files[selector] = join(folder, `${index}.json`);
    writeFileSync(files[selector], JSON.stringify(listed));
  }
  return files;
}

const emptyRegistry = () => Registry.create(parseAdapterConfig(RULES, 'default rules'), RESOURCES);

/** What one process finds out: seconds, and what the heap keeps. */
function measure(files) {
  const registry = emptyRegistry();
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  const began = process.hrtime.bigint();
  const results = Object.entries(files).map(([selector, file]) => [selector, JSON.parse(readFileSync(file))]);
  const updated = registry.updated(new Map(results));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  results.length = 0;
  globalThis.gc();
  const heapBytes = process.memoryUsage().heapUsed - before;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ metrics: updated.metrics().length, seconds, heapBytes, peakBytes }));
}

/** The same from the real one; undefined without Go. */
function upstream(files) {
  if (spawnSync('go', ['version']).status !== 0) return undefined;
  mkdirSync(join(PROGRAM, '..'), { recursive: true });
  const env = { ...process.env, CGO_ENABLED: '0' };
  const flags = ['build', '-trimpath', '-ldflags=-s -w', '-o', PROGRAM, '.'];
  execFileSync('go', flags, { cwd: MODULE, env, stdio: 'inherit' });
  const resources = RESOURCES.map(({ group, version, kind, plural, singular, namespaced }) => ({
    ...{ Group: group, Version: version, Kind: kind, Plural: plural, Singular: singular },
    Namespaced: namespaced,
  }));
  const input = { YAML: Buffer.from(RULES).toString('base64'), Resources: resources, Files: files };
  const answer = execFileSync(PROGRAM, { input: `${JSON.stringify({ kind: 'discovery', input })}\n` });
  const parsed = JSON.parse(answer);
  if (parsed.Error) throw new Error(parsed.Error);
  return {
    metrics: parsed.Metrics,
    seconds: parsed.Seconds,
    heapBytes: parsed.HeapBytes,
    peakBytes: parsed.PeakBytes,
  };
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function main() {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
  try {
    const files = writeListings(folder, emptyRegistry());
    const own = spawnSync(process.execPath, ['--expose-gc', __filename, JSON.stringify(files)]);
    const rows = [['registry', JSON.parse(own.stdout)]];
    const real = upstream(files);
    if (real) rows.push(['prometheus-adapter’s', real]);
    else console.log('discovery: needs Go, for prometheus-adapter beside the registry');
    console.log(`discovery of ${SERIES.toLocaleString('en')} series by the default rules`);
    for (const [name, { metrics, seconds, heapBytes, peakBytes }] of rows) {
      const kept = `${megabytes(heapBytes)} kept, ${megabytes(peakBytes)} at the most`;
      console.log(`  ${name.padEnd(22)} ${metrics} metrics, ${seconds.toFixed(2)} s, ${kept}`);
    }
    console.log(
      '  a whole prometheus-adapter was seen to take 168 MB after its first listing of as many series',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [files] = process.argv.slice(2);
if (files === undefined) main();
else measure(JSON.parse(files));
