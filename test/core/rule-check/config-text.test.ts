import { ApiResources } from '../../../core/kube/api-resources';
import { checkRules, configTextIn } from '../../../core/rule-check';
import { parseAdapterConfig } from '../../../core/rules';

const CONFIG = 'rules:\n- seriesQuery: up\n  bogus: 1\n';
const indented = (text: string, by: string): string => text.replace(/^(?=.)/gm, by);
const configMap = (data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: adapter\ndata:\n${data}`;

function positionOf(file: string): string {
  const { findings } = checkRules(configTextIn(file, 'f.yaml'), { resources: ApiResources.builtin() });
  const unknown = findings.find(({ check }) => check === 'config-unreadable');
  return `${unknown?.file}:${unknown?.line}:${unknown?.column}`;
}

describe('configTextIn', () => {
  it('takes a file of the adapter as it is', () => {
    expect(configTextIn(CONFIG, 'f.yaml')).toEqual({ text: CONFIG, where: 'f.yaml' });
    expect(positionOf(CONFIG)).toBe('f.yaml:3:3');
  });

  it.each([
    ['a ConfigMap', configMap(`  config.yaml: |-\n${indented(CONFIG, '    ')}`), '9:7'],
    [
      'a ConfigMap with other texts',
      configMap(`  other: |\n    x: 1\n  config.yaml: |\n${indented(CONFIG, '    ')}  last: y\n`),
      '11:7',
    ],
    [
      'a ConfigMap among other objects',
      `apiVersion: v1\nkind: Service\nmetadata: {name: x}\n---\n${configMap(`  c: |\n${indented(CONFIG, '      ')}`)}`,
      '13:9',
    ],
    [
      'a list',
      `apiVersion: v1\nkind: List\nitems:\n- ${indented(configMap(`  c: |\n${indented(CONFIG, '    ')}`), '  ').trimStart()}`,
      '12:9',
    ],
  ])('finds it in %s, where it stands', (_, file, place) => {
    expect(positionOf(file)).toBe(`f.yaml:${place}`);
  });

  it('reads a quoted text by itself, and says where that begins', () => {
    const { text, where } = configTextIn(configMap(`  config.yaml: ${JSON.stringify(CONFIG)}\n`), 'f.yaml');
    expect({ text, where }).toEqual({ text: CONFIG, where: 'f.yaml:6:16 (adapter config.yaml)' });
    expect(() => parseAdapterConfig(text, where)).toThrow('f.yaml:6:16 (adapter config.yaml):3:3: ');
  });

  it.each([
    [configMap('  x: y\n'), 'f.yaml: none of its objects is a ConfigMap with a configuration'],
    ['apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n', 'none of its objects is a ConfigMap'],
    [
      configMap(`  a: "rules: []"\n  b: "rules: []"\n`),
      'it holds several configurations (adapter a, adapter b)',
    ],
  ])('refuses what holds none or several', (file, message) => {
    expect(() => configTextIn(file, 'f.yaml')).toThrow(message);
  });
});
