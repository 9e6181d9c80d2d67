import type { StackImage } from '../core/model';

/** Images that this project builds, and the folder of each. */
export const OWN_IMAGES = {
  adapter: { reference: 'plimsoll/adapter:0.1.0', build: 'apps/adapter' },
  backend: { reference: 'plimsoll/backend:0.1.0', build: 'apps/backend' },
  'cluster-metrics': { reference: 'plimsoll/cluster-metrics:0.1.0', build: 'apps/cluster-metrics' },
  'load-test': { reference: 'plimsoll/load-test:0.1.0', build: 'apps/load-test' },
  worker: { reference: 'plimsoll/worker:0.1.0', build: 'apps/worker' },
} as const;

/** An image in a role of the project's own; one of another reference is pulled, not built. */
export function imageFor(name: keyof typeof OWN_IMAGES, reference: string): StackImage {
  const own = OWN_IMAGES[name];
  return { name, reference, ...(reference === own.reference ? { build: own.build } : {}) };
}
