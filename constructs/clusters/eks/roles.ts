import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from './place';

/** Who takes a role, and what the role may do. */
export interface ServiceRoleInput {
  /** What it is for, the end of its name: `nodes`. */
  readonly purpose: string;
  /** `ec2.amazonaws.com` */
  readonly service: string;
  readonly actions?: readonly string[];
  /** Names of policies that AWS maintains. */
  readonly policies: readonly string[];
  /** The resources, with wildcards, for which the service may take it; otherwise it could be used for those of others. */
  readonly sourceArn?: pulumi.Input<string>;
}

/** A role of a service of AWS. */
export interface ServiceRole {
  readonly role: iam.Role;
  /** What gives it its rights. Users of the role depend on it, to have them until their end. */
  readonly rights: readonly iam.RolePolicyAttachment[];
}

/** Makes a role that a service of AWS takes. */
export function serviceRole({ name: cluster, arn, aws }: Place, input: ServiceRoleInput): ServiceRole {
  const { purpose, service, actions = ['sts:AssumeRole'], policies, sourceArn } = input;
  const name = `${cluster}-${purpose}`;
  const statement = {
    Effect: 'Allow',
    Principal: { Service: service },
    Action: [...actions],
    ...(sourceArn === undefined ? {} : { Condition: { ArnLike: { 'aws:SourceArn': sourceArn } } }),
  };
  const role = new iam.Role(
    name,
    { assumeRolePolicy: pulumi.jsonStringify({ Version: '2012-10-17', Statement: [statement] }) },
    aws,
  );
  const rights = policies.map(
    (policy) =>
      new iam.RolePolicyAttachment(
        `${name}-${policy}`,
        { role: role.name, policyArn: `${arn}:iam::aws:policy/${policy}` },
        aws,
      ),
  );
  return { role, rights };
}
