import { DiscoveryThrottle } from '../../rehearsal/discovery-throttle';

/** When a server that was started at 0 scrapes by changes that each come as soon as the one before is scraped by. */
function reloads(firstMs: number, count: number): readonly number[] {
  const throttle = new DiscoveryThrottle(0);
  const moments: number[] = [];
  for (let nowMs = firstMs; moments.length < count; nowMs = (moments.at(-1) ?? 0) + 1) {
    moments.push(throttle.reloadAfter(nowMs));
  }
  return moments;
}

test('scrapes by a change after a quiet while at once', () => {
  const [first = NaN] = reloads(61_234, 1);
  expect(first - 61_234).toBeGreaterThanOrEqual(0);
  expect(first - 61_234).toBeLessThanOrEqual(100);
});

test('waits for the first tick after the start of the server', () => {
  expect(reloads(50, 1)).toEqual([5000]);
});

test('lets two reloads follow each other and the next ones wait for a tick each', () => {
  const [first = NaN, second = NaN, third = NaN, fourth = NaN] = reloads(61_000, 4);
  expect(second - first).toBeLessThan(500);
  expect(third).toBe(65_000);
  expect(fourth).toBe(70_000);
});

test('looks for changes less and less often while they come, and often again after five quiet seconds', () => {
  const throttle = new DiscoveryThrottle(0);
  const delays: number[] = [];
  for (let nowMs = 60_000; nowMs < 200_000; nowMs += 4000) delays.push(throttle.reloadAfter(nowMs) - nowMs);
  expect(Math.max(...delays)).toBeGreaterThan(2000);
  expect(throttle.reloadAfter(260_000) - 260_000).toBeLessThanOrEqual(100);
});

test('never scrapes by a change before it comes', () => {
  const throttle = new DiscoveryThrottle(0);
  let nowMs = 0;
  for (let turn = 0; turn < 500; turn++) {
    const atMs = throttle.reloadAfter(nowMs);
    expect(atMs).toBeGreaterThanOrEqual(nowMs);
    expect(atMs - nowMs).toBeLessThanOrEqual(10_000);
    nowMs = atMs + ((turn * 7919) % 9000);
  }
});
