import { Provider } from '@pulumi/aws/provider';
import type * as pulumi from '@pulumi/pulumi';
import type { EksSettings } from './settings';

/** Where everything of one cluster is made. */
export interface Place {
  /** The cluster's name, which the names of all resources begin with. */
  readonly name: string;
  readonly region: string;
  /** What ARNs of this region begin with: `arn:aws`. */
  readonly arn: string;
  /** Options of every resource of AWS, and of every function. */
  readonly aws: { readonly parent: pulumi.Resource; readonly provider: Provider };
}

/** A place below a component, with the credentials of the settings; everything there that can have tags gets them. */
export function placeOf(
  parent: pulumi.ComponentResource,
  name: string,
  { region, profile }: Pick<EksSettings, 'region' | 'profile'>,
  tags: Readonly<Record<string, string>>,
): Place {
  const provider = new Provider(
    `${name}-aws`,
    { region, defaultTags: { tags: { ...tags } }, ...(profile === undefined ? {} : { profile }) },
    { parent },
  );
  return { name, region, arn: `arn:${partitionOf(region)}`, aws: { parent, provider } };
}

/** The partition that a region belongs to, by AWS's naming of regions. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
