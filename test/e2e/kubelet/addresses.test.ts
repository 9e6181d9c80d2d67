import { AddressPool, hexOf } from './addresses';

it('gives out addresses in order, and one that came back last', () => {
  const pool = new AddressPool('10.244.1.0/29');
  expect([pool.take(), pool.take()]).toEqual(['10.244.1.2', '10.244.1.3']);
  pool.release('10.244.1.2');
  expect([pool.take(), pool.take(), pool.take(), pool.take()]).toEqual([
    '10.244.1.4',
    '10.244.1.5',
    '10.244.1.6',
    '10.244.1.2',
  ]);
  expect(() => pool.take()).toThrow('no address left in 10.244.1.0/29');
});

it('refuses what is no range', () => {
  expect(() => new AddressPool('10.244.1.0/32')).toThrow('has no room');
  expect(() => new AddressPool('10.244.1/24')).toThrow('not an IPv4 address');
});

it('writes addresses as digits', () => {
  expect(hexOf('10.0.1.254')).toBe('0a0001fe');
});
