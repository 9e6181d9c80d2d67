import { type AdapterConfig, DEFAULT_RULE_SETTINGS, parseAdapterConfig } from '../../../core/rules';

const settings = DEFAULT_RULE_SETTINGS;

function parse(text: string): AdapterConfig {
  return parseAdapterConfig(text, 'config.yaml');
}

describe('the section plimsoll of resourceRules', () => {
  it.each([
    ['conflicts: refuse', 'conflicts: means nothing for resourceRules: nothing else makes CPU'],
    ['maxAge: 1m', 'maxAge: means nothing for resourceRules: their series are not listed'],
    ['staleness: {maxSampleAge: 1m}', 'staleness: means nothing for resourceRules: the answer has the time'],
    ['sources: {}', 'sources: unknown field; known here: objectNames, nan, infinity, duplicates, source,'],
  ])('refuses %s where resourceRules would not be affected by it', (section, message) => {
    expect(() => parse(`resourceRules: {plimsoll: {${section}}}`)).toThrow(
      `config.yaml:1:28: resourceRules.plimsoll.${message}`,
    );
  });

  it('takes what affects resourceRules from their section and that of the file', () => {
    const { resourceRules } = parse(`resourceRules: {plimsoll: {nan: error, duplicates: sum}}
plimsoll: {nan: skip, infinity: clamp, conflicts: refuse, maxAge: 1m, staleness: {maxSampleAge: 1m}}
`);
    expect(resourceRules).toMatchObject({
      policies: { objectNames: 'upstream', nan: 'error', infinity: 'clamp', duplicates: 'sum' },
      settings,
    });
    expect(resourceRules?.policies).not.toHaveProperty('conflicts');
  });
});
