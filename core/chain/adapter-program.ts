import type { Container } from '../kube/kinds/pod';
import { isPlimsollAdapter } from '../workloads';

/**
 * Which adapter a container runs: that of this project, or prometheus-adapter, which every other image is taken for.
 * They read the same flags and rules, and differ in what they do when something goes wrong.
 */
export type AdapterProgram = 'plimsoll' | 'prometheus-adapter';

/** The adapter that a container runs, by its image. */
export function adapterProgram({ image }: Pick<Container, 'image'>): AdapterProgram {
  return isPlimsollAdapter(image) ? 'plimsoll' : 'prometheus-adapter';
}
