import { parseOptions } from '../../stacks';
import { synthesize } from '../../synth';
import { allObjects } from '../../core/model';
import { definitionsOfRelease } from '../pulumi/definitions';
import { build, programsFor } from './build';
import { imagesFor } from './images';
import type { RunDefinition } from './runs/run';

/** What every run starts by itself; what pods run comes with their images. */
const PROGRAMS = programsFor([
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'kubectl',
]);
const IMAGE = /"(?:image|--prometheus-config-reloader)":\s*"([^"]+)"|--prometheus-config-reloader=([^"]+)/g;

/**
 * Builds and fetches what the runs need and is not there: in their own network there is nothing to fetch from.
 * @throws Error naming what cannot be built
 */
export function prepare(chosen: readonly RunDefinition[]): void {
  const references = new Set<string>();
  for (const { stack: definition, set, images = [] } of chosen) {
    images.forEach((image) => references.add(image));
    const stack = definition.define(parseOptions(definition, set));
    for (const { name } of stack.releases) definitionsOfRelease(name);
    const text = JSON.stringify(allObjects(synthesize(stack)).map(({ object }) => object));
    for (const [, image, flag] of text.matchAll(IMAGE)) references.add(image ?? flag ?? '');
  }
  build(PROGRAMS, imagesFor([...references]), (text) => process.stderr.write(text));
}
