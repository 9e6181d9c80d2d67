import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLoadTest } from '../../apps/load-test/load-test';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-load-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Puts a program of this name on the path: a shell script that can write into $OUT. */
function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function start(...words: string[]) {
  return startLoadTest(words, { PATH: `${folder}:/usr/bin:/bin`, OUT: folder });
}

function written(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

/** A vegeta that attacks until it is interrupted, and a report that keeps what it is given. */
const VEGETA = `
case "$1" in
  attack)
    echo "$@" >"$OUT/words"
    trap 'echo interrupted; exit "\${STATUS:-0}"' INT
    echo results
    : >"$OUT/attacking"
    while :; do sleep 0.05; done ;;
  report) cat >"$OUT/report" ;;
esac`;

async function attacking(): Promise<void> {
  while (!existsSync(join(folder, 'attacking'))) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('the load test', () => {
  it('lets vegeta attack, and reports what it measured when it is told to stop', async () => {
    program('vegeta', VEGETA);
    const load = start('attack', '-targets=/etc/targets', '-rate=5/s');
    await attacking();
    load.stop();
    expect(await load.done).toBe(0);
    expect(written('words')).toBe('attack -targets=/etc/targets -rate=5/s\n');
    expect(written('report')).toBe('results\ninterrupted\n');
  });

  it('reports at the end of an attack that has one, and ends as the attack does', async () => {
    program('vegeta', 'if [ "$1" = report ]; then cat >"$OUT/report"; else echo results; exit 3; fi');
    expect(await start('attack').done).toBe(3);
    expect(written('report')).toBe('results\n');
  });

  it('does not attack for a report that is not made', async () => {
    program('vegeta', `if [ "$1" = report ]; then exit 4; else while echo results; do :; done; fi`);
    expect(await start('attack').done).toBe(4);
  });

  it.each(['-output=/dev/null', '--output=x', '-output'])('makes no report with %s', async (option) => {
    program('vegeta', 'echo "$@" >>"$OUT/words"');
    expect(await start('attack', option, 'x').done).toBe(0);
    expect(written('words')).toBe(`attack ${option} x\n`);
  });

  it('runs any other program as it is', async () => {
    program('hey', 'echo "$@" >"$OUT/words"; exit 5');
    expect(await start('hey', '-c', '200').done).toBe(5);
    expect(written('words')).toBe('-c 200\n');
  });

  it.each([
    ['hey', 'hey', 'INT'],
    ['attack -output=x', 'vegeta', 'INT'],
    ['other', 'other', 'TERM'],
  ])('stops "%s" as %s is stopped: with SIG%s', async (words, name, signal) => {
    const trap = (known: string) => `trap 'echo ${known} >"$OUT/signal"; exit 6' ${known}`;
    program(name, `${trap('INT')}; ${trap('TERM')}; : >"$OUT/attacking"; while :; do sleep 0.05; done`);
    const load = start(...words.split(' '));
    await attacking();
    load.stop();
    expect(await load.done).toBe(6);
    expect(written('signal')).toBe(`${signal}\n`);
  });

  it('says that a program is missing, or none was named', async () => {
    const printed = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await start('no-such-program').done).toBe(127);
    expect(printed.mock.calls).toEqual([['load-test: no-such-program: there is no such program\n']]);
    printed.mockRestore();
    expect(() => start()).toThrow('nothing to run');
  });
});
