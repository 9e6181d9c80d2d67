import * as pulumi from '@pulumi/pulumi';
import { OutputPlaceholders } from '../../constructs/clusters/output-placeholders';
import { readOutput, recordingMocks } from './support/recording-mocks';

beforeAll(() => {
  recordingMocks();
});

describe('placeholders of Outputs', () => {
  it('become Outputs where they stand, inside other text too', async () => {
    const placeholders = new OutputPlaceholders();
    const host = placeholders.standFor(pulumi.output('registry.example.com'));
    const digest = placeholders.standFor(pulumi.output('$& sha256:1'));
    const resolved = placeholders.resolve({
      image: `${host}/app@${digest}`,
      args: [`--image=${host}`, 'plain'],
    });
    expect(await readOutput(pulumi.output(resolved))).toMatchObject({
      value: {
        image: 'registry.example.com/app@$& sha256:1',
        args: ['--image=registry.example.com', 'plain'],
      },
    });
  });

  it('leave everything else plain, so that a preview shows it', () => {
    const placeholders = new OutputPlaceholders();
    const host = placeholders.standFor(pulumi.output('a'));
    const value = { kind: 'Pod', list: [1, null, true], image: host };
    const resolved = placeholders.resolve(value);
    expect(resolved).toMatchObject({ kind: 'Pod', list: [1, null, true] });
    expect(resolved).toHaveProperty('image.apply');
    expect(placeholders.resolve('known-later-99.plimsoll.invalid')).toBe('known-later-99.plimsoll.invalid');
  });

  it('keep secrets secret', async () => {
    const placeholders = new OutputPlaceholders();
    const token = placeholders.standFor(pulumi.secret('hidden'));
    expect(await readOutput(pulumi.output(placeholders.resolve(`Bearer ${token}`)))).toMatchObject({
      value: 'Bearer hidden',
      secret: true,
    });
  });

  it('are hosts that never resolve', () => {
    const placeholders = new OutputPlaceholders();
    const [a, b] = [placeholders.standFor(pulumi.output('a')), placeholders.standFor(pulumi.output('b'))];
    expect(a).not.toBe(b);
    expect(a).toMatch(/^[a-z0-9-]+\.plimsoll\.invalid$/);
  });
});
