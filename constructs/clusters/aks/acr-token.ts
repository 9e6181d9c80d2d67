import * as command from '@pulumi/command';
import * as pulumi from '@pulumi/pulumi';
import { AZ_READY, azSubscription } from './az';
import type { Place } from './place';

/** Who logs in with a token instead of a password, by agreement of all registries of Azure. */
const TOKEN_USER = '00000000-0000-0000-0000-000000000000';

export const TOKEN_SCRIPT = `${AZ_READY}
az acr login --name "$REGISTRY" ${azSubscription} --expose-token --query accessToken --output tsv`;

/**
 * A login for three hours as whoever is logged in to az, fetched anew each time that Pulumi runs: a registry that is
 * only being made has nobody's "docker login" yet, and has no administrator.
 */
export function acrToken(
  { azure, subscriptionId }: Place,
  registry: pulumi.Input<string>,
): { readonly username: string; readonly password: pulumi.Output<string> } {
  const { stdout } = command.local.runOutput(
    {
      interpreter: ['bash', '--norc', '-c'],
      command: TOKEN_SCRIPT,
      environment: { REGISTRY: registry, SUBSCRIPTION: subscriptionId ?? '' },
      // What it prints is the token.
      logging: command.types.enums.local.Logging.Stderr,
    },
    { parent: azure.parent },
  );
  return { username: TOKEN_USER, password: pulumi.secret(stdout.apply((token) => token.trim())) };
}
