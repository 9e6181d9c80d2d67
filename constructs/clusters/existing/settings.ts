import { z } from 'zod';
import { secretText } from '../setting-fields';

/** Settings of a cluster that is there. */
export const existingSettings = z
  .strictObject({
    kubeconfig: secretText('content of a kubeconfig with the right to change everything a stack has'),
    kubeconfigPath: z
      .string()
      .min(1, 'must not be empty')
      .optional()
      .describe('path of that file instead, on the machine where Pulumi runs; it is read anew each time'),
    context: z
      .string()
      .min(1, 'must not be empty')
      .optional()
      .describe('context of the kubeconfig; required, as the current one changes behind your back'),
    platform: z
      .enum(['linux/amd64', 'linux/arm64'])
      .default('linux/amd64')
      .describe('platform of the nodes, for which images are built'),
    registryUsername: z
      .string()
      .min(1, 'must not be empty')
      .optional()
      .describe('who pushes images to the registry; without it, whoever is logged in with docker login'),
    registryPassword: secretText('the password that goes with it'),
  })
  .refine(({ context }) => context !== undefined, {
    path: ['context'],
    message: 'is missing: name the context of the cluster, as "kubectl config get-contexts" lists it',
  })
  .refine(({ kubeconfig, kubeconfigPath }) => (kubeconfig === undefined) !== (kubeconfigPath === undefined), {
    path: ['kubeconfigPath'],
    message: 'set it, or kubeconfig, and not both',
  })
  .refine(
    ({ registryUsername, registryPassword }) =>
      (registryUsername === undefined) === (registryPassword === undefined),
    { path: ['registryPassword'], message: 'set it together with registryUsername, or neither' },
  );
/** See {@link existingSettings}. */
export type ExistingSettings = z.infer<typeof existingSettings>;
