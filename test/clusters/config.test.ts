import { existingSettings } from '../../constructs/clusters/existing/settings';
import { kindSettings } from '../../constructs/clusters/kind/settings';
import { readConfig, type ConfigValue, type ConfigValues } from '../../stacks/pulumi/config';

function values(
  plain: Readonly<Record<string, string>>,
  secret: Readonly<Record<string, string>> = {},
): ConfigValues {
  const marked = (given: Readonly<Record<string, string>>, isSecret: boolean) =>
    Object.entries(given).map(([key, text]): [string, ConfigValue] => [key, { text, secret: isSecret }]);
  return new Map([...marked(plain, false), ...marked(secret, true)]);
}

describe('the configuration of a Pulumi stack', () => {
  it('describes the stack of its name, with the defaults of options and settings', () => {
    const config = readConfig('kind', values({}));
    expect(config.stack).toMatchObject({ name: 'kind', cluster: { name: 'plimsoll', provider: 'kind' } });
    expect(config.read(kindSettings)).toEqual({ existingCluster: false });
    expect(config.registry).toBe('');
  });

  it('may name another stack, so that there can be several of one', () => {
    const config = readConfig('team-a', values({ stack: 'kind', clusterName: 'team-a' }));
    expect(config.stack.cluster.name).toBe('team-a');
  });

  it('is read as the option or setting has it, not by its looks', () => {
    const config = readConfig('kind', values({ load1: '80', exposeNodePorts: 'true', kubernetes: '1.35.2' }));
    expect(config.stack.cluster.kubernetes).toBe('1.35.2');
    expect(config.read(kindSettings).existingCluster).toBe(false);
    const registry = readConfig('aks', values({ registry: 'me.azurecr.io' })).registry;
    expect(registry).toBe('me.azurecr.io');
  });

  it('takes secrets that are secrets', () => {
    const given = values(
      { context: 'lab', registry: 'registry.example.com' },
      { kubeconfig: 'apiVersion: v1' },
    );
    expect(readConfig('bare-metal', given).read(existingSettings)).toMatchObject({
      kubeconfig: 'apiVersion: v1',
      context: 'lab',
    });
  });

  it.each([
    [
      'kind',
      { kubernets: '1.36.1' },
      'plimsoll:kubernets: stack kind has no such setting, as Pulumi.kind.example.yaml lists them; did you mean "kubernetes"?',
    ],
    [
      'kind',
      { region: 'eu-west-1' },
      'plimsoll:region: stack kind has no such setting, as Pulumi.kind.example.yaml lists them',
    ],
    ['kind', { load1: 'fast' }, 'plimsoll:load1: '],
    ['kind', { min: '5', max: '2' }, 'plimsoll:min: must not be above max'],
    ['kind', { kubernetes: '1.36' }, 'plimsoll:kubernetes: write a full version such as 1.2.3'],
    ['kind', { clusterName: 'Big_One' }, 'plimsoll:clusterName: write up to 40 lower-case letters'],
    ['staging', {}, 'the Pulumi stack has no described stack of its name: unknown stack "staging"'],
    ['staging', { stack: 'knid' }, 'plimsoll:stack: unknown stack "knid"'],
  ])('of stack %s with %j is refused, naming the key', (stack, given, message) => {
    expect(() => readConfig(stack, values(given))).toThrow(message);
  });

  it('names the key of a setting that is wrong when it is read', () => {
    const read = (given: Readonly<Record<string, string>>) =>
      readConfig('bare-metal', values({ registry: 'r.example.com', ...given })).read(existingSettings);
    expect(() => read({ kubeconfigPath: 'x' })).toThrow('plimsoll:context: is missing: name the context');
    expect(() => read({ context: 'x' })).toThrow(
      'plimsoll:kubeconfigPath: set it, or kubeconfig, and not both',
    );
  });

  it('refuses a secret in plain text, and does not repeat it', () => {
    const config = readConfig('bare-metal', values({ context: 'x', kubeconfig: 'hidden' }));
    expect(() => config.read(existingSettings)).toThrow('plimsoll:kubeconfig must be a secret');
    expect(() => config.read(existingSettings)).not.toThrow(/hidden/);
  });
});
