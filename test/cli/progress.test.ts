import { progressOn } from '../../cli/progress';

function watch(isTTY: boolean, times: readonly number[]): string[] {
  const written: string[] = [];
  let time = 0;
  const output = { isTTY, write: (text: string) => written.push(text) };
  const progress = progressOn(
    output,
    (done) => `${done} done`,
    () => time,
  );
  for (time of times) progress.update(time / 10);
  progress.end();
  return written;
}

describe('progress', () => {
  it('is shown once work takes longer than a second, ten times a second, and taken away at the end', () => {
    expect(watch(true, [500, 999, 1500, 1550, 1600])).toEqual([
      '\r\u001b[K150 done',
      '\r\u001b[K160 done',
      '\r\u001b[K',
    ]);
  });

  it('is not shown for short work', () => {
    expect(watch(true, [500, 999])).toEqual([]);
  });

  it('is not shown where nobody looks at a terminal', () => {
    expect(watch(false, [1500, 3000])).toEqual([]);
  });
});
