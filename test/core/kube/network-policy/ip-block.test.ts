import fc from 'fast-check';
import { IpBlock } from '../../../../core/kube/network-policy/ip-block';

describe('IpBlock', () => {
  it.each([
    ['10.0.0.0/8', [], '10.255.255.255', true],
    ['10.0.0.0/8', [], '11.0.0.0', false],
    ['10.0.0.0/8', ['10.96.0.0/12'], '10.97.0.1', false],
    ['10.0.0.0/8', ['10.96.0.0/12'], '10.95.255.255', true],
    ['192.0.2.7', [], '192.0.2.7', true],
    ['0.0.0.0/0', [], 'fd00::1', false],
    ['fd00::/8', [], 'fdff::1', true],
    ['::/0', ['fd00::/8'], 'fd00::1', false],
    ['2001:db8::1/128', [], '2001:db8:0:0:0:0:0:1', true],
  ])('%s without %j contains %s: %s', (cidr, except, ip, expected) => {
    expect(IpBlock.parse(cidr, except).contains(ip)).toBe(expected);
  });

  it('contains the address it was made from, whatever its length', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (ip, prefix) => {
        expect(IpBlock.parse(`${ip}/${prefix}`).contains(ip)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(
        fc.ipV6().filter((ip) => !ip.includes('.')),
        fc.integer({ min: 0, max: 128 }),
        (ip, prefix) => {
          expect(IpBlock.parse(`${ip}/${prefix}`).contains(ip)).toBe(true);
        },
      ),
    );
  });

  it('knows when it is all addresses', () => {
    expect(IpBlock.parse('0.0.0.0/0', ['10.0.0.0/8']).all).toBe(true);
    expect(IpBlock.parse('0.0.0.0/1').all).toBe(false);
  });

  it.each(['10.0.0.0/33', '10.0.0/8', '10.0.0.0/', '300.0.0.0/8', '::1::/8', 'fd00:/8', 'anything'])(
    'refuses %s',
    (text) => {
      expect(() => IpBlock.parse(text)).toThrow(/invalid (CIDR|IP address)/);
    },
  );
});
