import { join } from 'node:path';
import { Engine, type RunConfig, type World } from '../engine';
import { kubeconfigOf } from './kubeconfig';
import { WORLD } from './world';

const FOLDER = join(__dirname, '../../../stacks/pulumi');

/** What a stack does not have a default for. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  kind: {},
  minikube: {},
  'bare-metal': {
    registry: 'registry.example:5000',
    context: 'cluster',
    kubeconfig: kubeconfigOf('https://192.0.2.1:6443'),
  },
  'eks-fargate': { publicAccessCidrs: '["203.0.113.7/32"]' },
  aks: { authorizedIpRanges: '["203.0.113.7/32"]' },
};

export const STACKS = Object.keys(NEEDED);
const SECRETS = ['kubeconfig'];

/** The configuration of a stack: what it needs, and what a test wants otherwise. */
export function configOf(stack: string, values: Readonly<Record<string, string>> = {}): RunConfig {
  const entries = Object.entries({ ...NEEDED[stack], ...values });
  return {
    values: Object.fromEntries(entries.map(([key, value]) => [`plimsoll:${key}`, value])),
    secretKeys: entries
      .map(([key]) => key)
      .filter((key) => SECRETS.includes(key))
      .map((key) => `plimsoll:${key}`),
  };
}

/** An engine of the real entry point. */
export function engineOf(stack: string, world: World = WORLD): Engine {
  return new Engine({ stack: { project: 'plimsoll', stack }, folder: FOLDER, world, listModules: true });
}
