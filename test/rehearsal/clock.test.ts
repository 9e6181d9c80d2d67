import fc from 'fast-check';
import { Clock } from '../../rehearsal/clock';

describe('the virtual clock', () => {
  it('runs actions in order of time, those of one time in the order they were asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), (times) => {
        const clock = new Clock();
        const seen: [number, number][] = [];
        times.forEach((atMs, index) => clock.at(atMs, () => seen.push([clock.now, index])));
        clock.run(50);
        const expected = times
          .map((atMs, index): [number, number] => [atMs, index])
          .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(seen).toEqual(expected);
      }),
    );
  });

  it('repeats until it is told to stop', () => {
    const clock = new Clock();
    const seen: number[] = [];
    const stop = clock.every(5, 10, () => seen.push(clock.now));
    clock.at(30, stop);
    clock.run(100);
    expect(seen).toEqual([5, 15, 25]);
  });

  it('runs what is asked for while it runs, the past as now, and nothing after the end', () => {
    const clock = new Clock();
    const seen: string[] = [];
    clock.at(10, () => {
      clock.at(3, () => seen.push(`past at ${clock.now}`));
      clock.after(5, () => seen.push(`later at ${clock.now}`));
      clock.after(50, () => seen.push('never'));
    });
    clock.run(20);
    expect(seen).toEqual(['past at 10', 'later at 15']);
    expect(clock.now).toBe(20);
  });
});
