import { requireVersion } from '../../constructs/clusters/eks/existing';
import { listing, madeCluster, NAME, CLUSTER_ARN, ISSUER } from './support/eks';
import { readOutput } from './support/recording-mocks';

describe('an EKS cluster that is there', () => {
  it('is looked up, and nothing of it is made', async () => {
    const { cluster, recording } = await madeCluster({ settings: { existingCluster: true } });
    expect(listing(recording)).toEqual([
      `Eks ${NAME}`,
      `LifecyclePolicy ${NAME}-adapter`,
      `Repository ${NAME}-adapter`,
      `aws ${NAME}-aws`,
    ]);
    expect(recording.calls[0]).toEqual({ token: 'aws:eks/getCluster:getCluster', inputs: { name: NAME } });
    expect(cluster.ready).toEqual([]);
    expect(cluster.goesWith).toBeUndefined();
    expect(await readOutput(cluster.outputs)).toMatchObject({
      value: { clusterName: NAME, region: 'eu-west-1', oidcIssuer: ISSUER },
    });
  });

  it('is reached as one that was made', async () => {
    const { cluster } = await madeCluster({ settings: { existingCluster: true } });
    const { value, secret } = await readOutput(cluster.kubeconfig);
    expect(secret).toBe(true);
    expect(JSON.parse(String(value))).toMatchObject({
      clusters: [
        { cluster: { server: 'https://0A1B.eks.amazonaws.com', 'certificate-authority-data': 'Q0E=' } },
      ],
    });
    expect(cluster.connect).toBe(`aws eks update-kubeconfig --region eu-west-1 --name ${NAME}`);
  });

  it('is refused if it is of another version than was rehearsed', () => {
    expect(() => requireVersion('EKS cluster demo in eu-west-1', '1.33', '1.35.2')).toThrow(
      'EKS cluster demo in eu-west-1 runs Kubernetes 1.33, and 1.35.2 was described: set option kubernetes to a release of 1.33',
    );
    expect(() => requireVersion('EKS cluster demo in eu-west-1', '1.35', '1.35.2')).not.toThrow();
  });

  it('gets Fargate profiles only if that is wanted', async () => {
    const { cluster, recording } = await madeCluster({
      settings: { existingCluster: true, createFargateProfiles: true, privateSubnetIds: ['subnet-01'] },
    });
    expect(listing(recording)).toEqual([
      `Eks ${NAME}`,
      `FargateProfile ${NAME}-demo`,
      `LifecyclePolicy ${NAME}-adapter`,
      `Repository ${NAME}-adapter`,
      `Role ${NAME}-fargate`,
      `RolePolicyAttachment ${NAME}-fargate-AmazonEKSFargatePodExecutionRolePolicy`,
      `aws ${NAME}-aws`,
    ]);
    expect(recording.one(`${NAME}-demo`).inputs).toMatchObject({
      clusterName: NAME,
      subnetIds: ['subnet-01'],
    });
    expect(String(recording.one(`${NAME}-fargate`).inputs['assumeRolePolicy'])).toContain(
      `${CLUSTER_ARN.replace(':cluster/', ':fargateprofile/')}/*`,
    );
    expect(cluster.ready).toHaveLength(1);
  });
});
