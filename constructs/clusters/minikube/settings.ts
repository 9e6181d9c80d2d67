import { z } from 'zod';

/** Settings of a minikube profile, besides what its descriptor says. */
export const minikubeSettings = z.strictObject({
  existingCluster: z
    .boolean()
    .default(false)
    .describe('use the minikube profile of that name that is there, and leave it when the stack goes'),
  driver: z
    .enum(['default', 'docker', 'podman', 'kvm2', 'qemu2', 'hyperkit', 'hyperv', 'virtualbox', 'vfkit'])
    .default('default')
    .describe("what minikube runs its nodes in; default leaves the choice to minikube's own configuration"),
});
/** See {@link minikubeSettings}. */
export type MinikubeSettings = z.infer<typeof minikubeSettings>;
