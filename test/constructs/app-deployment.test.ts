import { App, AppDeployment, AppService, ConfigFiles, type Replicas } from '../../constructs';
import { inventory, only } from './render';

const resources = { cpu: { request: '10m', limit: '20m' }, memory: '32Mi' };

function deployed(replicas: Replicas, apiAccess = false, startsWithin?: number) {
  const app = new App({ namespace: 'shop', name: 'cart', ports: { http: 8080 }, replicas });
  return inventory(
    (chart) =>
      new AppDeployment(chart, 'd', {
        app,
        image: 'cart:1.0.0',
        user: 10001,
        resources,
        health: {
          ...{ port: 'http', ready: '/ready', live: '/live' },
          ...(startsWithin === undefined ? {} : { startsWithin }),
        },
        apiAccess,
      }),
  );
}

function proxied() {
  const app = new App({ namespace: 'shop', name: 'cart', ports: { http: 8080, proxy: 8000 } });
  return inventory(
    (chart) =>
      new AppDeployment(chart, 'd', {
        app,
        image: 'cart:1.0.0',
        user: 10001,
        resources,
        health: { ready: ['check', 'ready'], live: ['check', 'live'], periodSeconds: 10 },
        sidecars: [
          {
            name: 'proxy',
            image: 'proxy:1.0.0',
            ports: ['proxy'],
            resources,
            health: { port: 'proxy', ready: '/ready', live: '/ready' },
            mounts: [{ name: 'tmp', path: '/tmp' }],
          },
        ],
      }),
  );
}

describe('the Deployment of an app', () => {
  it('has the declared size', () => {
    expect(only(deployed(3).deployments).spec.replicas).toBe(3);
  });

  it('has no size when an autoscaler owns it', () => {
    expect(only(deployed('autoscaled').deployments).spec).not.toHaveProperty('replicas');
  });

  it('is rolled out as Kubernetes does, unless there may never be two of its pods', () => {
    const app = new App({ namespace: 'shop', name: 'cart' });
    const rolledOut = (chosen: { readonly strategy?: 'Recreate' }) =>
      only(
        inventory((chart) => {
          new AppDeployment(chart, 'd', { app, image: 'cart:1.0.0', user: 10001, resources, ...chosen });
        }).deployments,
      ).spec;
    expect(rolledOut({})).not.toHaveProperty('strategy');
    expect(rolledOut({ strategy: 'Recreate' })).toHaveProperty('strategy', { type: 'Recreate' });
  });

  it('gets no service account token unless it talks to the API', () => {
    const { deployments, serviceAccounts } = deployed(1);
    expect(only(deployments).spec.template.spec.automountServiceAccountToken).toBe(false);
    expect(serviceAccounts).toEqual([]);
  });

  it('gets a service account of its own when it talks to the API', () => {
    const { deployments, serviceAccounts } = deployed(1, true);
    expect(only(deployments).spec.template.spec).toMatchObject({
      serviceAccountName: 'cart',
      automountServiceAccountToken: true,
    });
    expect(only(serviceAccounts)).toMatchObject({
      metadata: { name: 'cart', namespace: 'shop' },
      automountServiceAccountToken: false,
    });
  });

  it('runs sidecars, which take over ports of the app and are as confined', () => {
    const { containers, volumes } = only(proxied().deployments).spec.template.spec;
    expect(containers.map(({ name, ports }) => [name, ports?.map((port) => port.name)])).toEqual([
      ['cart', ['http']],
      ['proxy', ['proxy']],
    ]);
    const [own, sidecar] = containers;
    expect(sidecar?.securityContext).toEqual(own?.securityContext);
    expect(sidecar?.volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
    expect(volumes).toEqual([{ name: 'tmp', emptyDir: {} }]);
  });

  it('can be probed by commands', () => {
    const [own] = only(proxied().deployments).spec.template.spec.containers;
    expect(own?.readinessProbe).toMatchObject({ exec: { command: ['check', 'ready'] }, periodSeconds: 10 });
    expect(own?.livenessProbe).toMatchObject({ exec: { command: ['check', 'live'] }, periodSeconds: 10 });
  });

  it('is probed for readiness and, more patiently, for liveness', () => {
    const { readinessProbe, livenessProbe } = only(
      only(deployed(1).deployments).spec.template.spec.containers,
    );
    expect(readinessProbe?.httpGet).toEqual({ path: '/ready', port: 'http', scheme: 'HTTP' });
    expect(livenessProbe?.httpGet).toEqual({ path: '/live', port: 'http', scheme: 'HTTP' });
    const patience = (probe: typeof livenessProbe) =>
      (probe?.periodSeconds ?? 0) * (probe?.failureThreshold ?? 0);
    expect(patience(livenessProbe)).toBeGreaterThan(patience(readinessProbe));
  });
});

describe('an app of several pods', () => {
  const ownPods = { matchLabels: { 'app.kubernetes.io/name': 'cart' } };
  const budgets = (replicas: Replicas) =>
    deployed(replicas).objects.filter(({ kind }) => kind === 'PodDisruptionBudget');

  it.each([3, 'autoscaled'] as const)('may lose a quarter of them to a drain, of %s', (replicas) => {
    expect(only(budgets(replicas))).toMatchObject({
      metadata: { name: 'cart', namespace: 'shop' },
      // Rounded up (`GetScaledValueFromIntOrPercent` in the disruption controller): one of one, too.
      spec: { maxUnavailable: '25%', selector: ownPods, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    });
  });

  it.each([3, 'autoscaled'] as const)('keeps them apart where there is room, of %s', (replicas) => {
    const { affinity } = only(deployed(replicas).deployments).spec.template.spec;
    expect(affinity).toEqual({
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: ownPods },
          },
        ],
      },
    });
  });

  it('is none with one pod: a budget would only block drains', () => {
    expect(budgets(1)).toEqual([]);
    expect(only(deployed(1).deployments).spec.template.spec).not.toHaveProperty('affinity');
  });
});

describe('the resources of a container', () => {
  const of = (more: { readonly storage?: string }) => {
    const app = new App({ namespace: 'shop', name: 'cart' });
    const { deployments } = inventory(
      (chart) =>
        new AppDeployment(chart, 'd', {
          app,
          image: 'cart:1.0.0',
          user: 10001,
          resources: { ...resources, ...more },
        }),
    );
    return only(only(deployments).spec.template.spec.containers).resources;
  };

  it('are limited to what is requested, but for CPU', () => {
    expect(of({ storage: '1Gi' })).toEqual({
      requests: { cpu: '10m', memory: '32Mi', 'ephemeral-storage': '1Gi' },
      limits: { cpu: '20m', memory: '32Mi', 'ephemeral-storage': '1Gi' },
    });
  });

  it('leave room for logs', () => {
    expect(of({})?.requests?.['ephemeral-storage']).toBe('128Mi');
  });
});

describe('a slow start', () => {
  it('is given its time before liveness is probed, and only if it is announced', () => {
    const startup = (startsWithin?: number) =>
      only(only(deployed(1, false, startsWithin).deployments).spec.template.spec.containers).startupProbe;
    expect(startup()).toBeUndefined();
    expect(startup(62)).toMatchObject({ httpGet: { path: '/live' }, periodSeconds: 5, failureThreshold: 13 });
  });
});

describe('files of a ConfigMap', () => {
  const app = new App({ namespace: 'shop', name: 'cart' });
  const withContent = (content: string) => {
    const { deployments, configMaps } = inventory((chart) => {
      const files = new ConfigFiles(chart, 'f', {
        namespace: 'shop',
        name: 'conf',
        files: { 'a.yaml': content },
      });
      const mounts = [
        { name: 'conf', path: '/etc/conf', files },
        { name: 'tmp', path: '/tmp' },
      ];
      new AppDeployment(chart, 'd', { app, image: 'cart:1.0.0', user: 1, resources, mounts });
    });
    return { template: only(deployments).spec.template, configMap: only(configMaps) };
  };

  it('are mounted read-only, scratch space is not', () => {
    const { template, configMap } = withContent('x');
    expect(configMap.data).toEqual({ 'a.yaml': 'x' });
    expect(template.spec.volumes).toEqual([
      { name: 'conf', configMap: { name: 'conf' } },
      { name: 'tmp', emptyDir: {} },
    ]);
    expect(only(template.spec.containers).volumeMounts).toEqual([
      { name: 'conf', mountPath: '/etc/conf', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ]);
  });

  it('roll the pods when their content changes, and only then', () => {
    const annotations = (content: string) => withContent(content).template.metadata?.annotations;
    expect(annotations('x')).toEqual(annotations('x'));
    expect(annotations('x')).not.toEqual(annotations('y'));
  });
});

describe('the Service of an app', () => {
  const port = new App({ namespace: 'shop', name: 'cart', ports: { http: 8080 } }).service('http', {
    number: 80,
  });

  it('is labelled, names its port and stays inside the cluster', () => {
    const { services, ciliumNetworkPolicies } = inventory((chart) => new AppService(chart, 's', { port }));
    expect(only(services)).toMatchObject({
      metadata: { labels: { 'app.kubernetes.io/name': 'cart' } },
      spec: {
        type: 'ClusterIP',
        selector: port.pod.podLabels,
        ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      },
    });
    expect(ciliumNetworkPolicies).toEqual([]);
  });

  it('opens the pods to the outside together with a node port', () => {
    const { services, ciliumNetworkPolicies } = inventory(
      (chart) => new AppService(chart, 's', { port, nodePort: 30080 }),
    );
    expect(only(services).spec).toMatchObject({ type: 'NodePort', ports: [{ nodePort: 30080 }] });
    expect(only(ciliumNetworkPolicies).spec?.ingress?.[0]?.fromEntities).toContain('world');
  });
});
