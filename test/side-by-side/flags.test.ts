import { spawnSync } from 'node:child_process';
import { FLAGS } from '../../core/adapter/flags/table';
import { programPath } from '../control-plane/programs';

/** What `--help` of Go's pflag says of a flag: `--name type   text (default x)`; a switch has no type. */
interface HelpedFlag {
  readonly name: string;
  readonly type: string;
  readonly default: string;
}

/** Where a default differs on purpose. */
const OTHER_DEFAULTS = new Map([
  // A request is as long as it has pods, and a URL may not be.
  ['prometheus-verb', { upstream: 'GET', ours: 'POST' }],
  // The same: upstream leaves it to its library, and does not say so.
  ['tls-min-version', { upstream: '', ours: 'VersionTLS12' }],
]);

/** Upstream's defaults of flags of which the zero value is not said in its help. */
const ZERO: Readonly<Record<string, string>> = { switch: 'false', number: '0', integer: '0', duration: '0s' };

let upstream: readonly HelpedFlag[];

beforeAll(() => {
  const { stdout, stderr } = spawnSync(programPath('prometheus-adapter'), ['--help'], { encoding: 'utf8' });
  upstream = flagsIn(stdout + stderr);
  expect(upstream.length).toBeGreaterThanOrEqual(80);
});

test('every flag of prometheus-adapter is known, with the same default', () => {
  const known = new Map(FLAGS.map((flag) => [flag.name, flag]));
  expect(upstream.filter(({ name }) => !known.has(name)).map(({ name }) => name)).toEqual([]);
  const differing = upstream.flatMap(({ name, default: theirs }) => {
    const flag = known.get(name);
    // What has no effect has no default.
    if (!flag || flag.ignored !== undefined) return [];
    const expected = theirs === '' ? (ZERO[flag.type] ?? '') : normal(theirs);
    const ours = normal(flag.default);
    const other = OTHER_DEFAULTS.get(name);
    if (other?.upstream === expected && other.ours === ours) return [];
    return ours === normal(expected) ? [] : [{ name, upstream: expected, ours }];
  });
  expect(differing).toEqual([]);
});

test('what is marked as not being a flag of prometheus-adapter is none', () => {
  const names = new Set(upstream.map(({ name }) => name));
  expect(FLAGS.filter(({ own, name }) => own === true && names.has(name))).toEqual([]);
});

function flagsIn(help: string): HelpedFlag[] {
  return help.split('\n').flatMap((line) => {
    const found = /^\s+(?:-\w, )?--([\w-]+)(?: (\S+))?\s{2,}(.*)$/.exec(line);
    if (!found) return [];
    const [, name = '', type = '', text = ''] = found;
    const [, byDefault = ''] = /\(default (.*?)\)$/.exec(text) ?? [];
    return [{ name, type, default: byDefault }];
  });
}

/** Without the quotes of texts and the brackets of lists; durations in the shortest form. */
function normal(text: string): string {
  const plain = text.replace(/^"(.*)"$/, '$1').replace(/^\[(.*)\]$/, '$1');
  return plain.replace(/(\d+[hm])0s$/, '$1');
}
