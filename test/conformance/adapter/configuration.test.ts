import fc from 'fast-check';
import { z } from 'zod';
import { messageOf, NotSupportedError } from '../../../core/errors';
import { defaultRules, parseAdapterConfig } from '../../../core/rules';
import { oneOf } from './arbitraries';
import { compare, report, seed } from './campaign';
import { configuration } from './configurations';
import { toBase64, UpstreamProgram } from './program';
import { comparable, upstreamConfig } from './upstream-config';
import { toGoString } from '../../../core/kube/go-string';

const answer = z.object({ Error: z.string(), Config: upstreamConfig });

function readByUs(text: string): unknown {
  try {
    return comparable(parseAdapterConfig(text, 'config.yaml'));
  } catch (error) {
    if (error instanceof NotSupportedError) return 'not supported';
    expect(messageOf(error)).toMatch(/^config\.yaml:\d+:\d+: /);
    return 'refused';
  }
}

describe(`the configuration file, seed ${seed}`, () => {
  let upstream: UpstreamProgram;

  beforeAll(() => {
    upstream = UpstreamProgram.start();
  });
  afterAll(() => upstream.stop());

  it('is accepted and read alike', async () => {
    const tally = await compare<string, unknown>(
      configuration,
      readByUs,
      async (text) =>
        (await upstream.ask('yaml', { Text: toBase64(toGoString(text)) }, answer)).Config ?? 'refused',
      (side) => (typeof side === 'string' ? side : 'read'),
    );
    report('configuration files', tally);
  });

  it('is generated alike', async () => {
    const shape = z.object({ YAML: z.string() });
    const tally = await compare(
      fc.record({
        labelPrefix: oneOf(['', 'kube_', 'k8s_']),
        rateIntervalMs: fc.integer({ min: 1, max: 10 ** 9 }),
      }),
      (options) => readByUs(defaultRules({ ...options, upstreamOnly: true })),
      async ({ labelPrefix, rateIntervalMs }) => {
        const request = { LabelPrefix: labelPrefix, Interval: `${rateIntervalMs}ms` };
        return readByUs((await upstream.ask('default', request, shape)).YAML);
      },
      (side) => (typeof side === 'string' ? side : 'generated'),
    );
    report('default rules', tally);
  });

  it('is generated so that upstream starts with it', async () => {
    const text = defaultRules({ labelPrefix: 'kube_', rateIntervalMs: 90_000, upstreamOnly: true });
    const { Config } = await upstream.ask('yaml', { Text: toBase64(text) }, answer);
    expect(Config).toEqual(readByUs(text));
  });
});
