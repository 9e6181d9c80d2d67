import { createHash } from 'node:crypto';
import { isList, type Provider, textOf, valueAt, type World } from '../engine';
import { cloudFunctions, clouds, eksCluster } from './clouds';
import { DIGEST, kubeconfigOf } from './kubeconfig';

/** Commands as the stacks have them: that make a cluster, bring images to its nodes, or build images elsewhere. */
const commands: Provider = {
  owns: (type) => type === 'command:local:Command',
  create: ({ name }, inputs) => {
    const built = valueAt(inputs, 'environment', 'BUILT');
    if (built !== undefined) return { outputs: { stdout: `${textOf(built, 'BUILT')}-0123456789ab` } };
    if (name !== 'cluster') return { outputs: { stdout: DIGEST } };
    // A cluster made of something else is at another address.
    const hash = createHash('sha256')
      .update(JSON.stringify(inputs['triggers'] ?? []))
      .digest('hex');
    return { outputs: { stdout: kubeconfigOf(`https://${hash.slice(0, 8)}.example:6443`) } };
  },
};

const images: Provider = {
  owns: (type) => type === 'docker-build:index:Image',
  create: ({ name }, { tags }) => {
    const tag = textOf(isList(tags) ? tags[0] : undefined, `tag of ${name}`);
    return { outputs: { ref: `${tag}@${DIGEST}`, digest: DIGEST, contextHash: 'f00d' } };
  },
};

/** What the five stacks find: a machine with Docker, and clouds. */
export const WORLD: World = {
  providers: [commands, images, clouds],
  components: { 'eks:index:Cluster': eksCluster },
  functions: cloudFunctions,
};
