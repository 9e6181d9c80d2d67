import { violations } from './pod-security';

const confined = { type: 'RuntimeDefault' };
const good = {
  securityContext: { runAsNonRoot: true, seccompProfile: confined },
  containers: [
    {
      name: 'a',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      livenessProbe: { httpGet: { path: '/', port: 80 } },
    },
  ],
};
const [container] = good.containers;

function pod(change: object): object {
  return { spec: { ...good, ...change } };
}

function withContainer(change: object): object {
  return pod({ containers: [{ ...container, ...change }] });
}

function withContext(change: object): object {
  return withContainer({ securityContext: { ...container?.securityContext, ...change } });
}

describe('the Pod Security level restricted', () => {
  it('admits a pod that keeps to it', () => {
    expect(violations(pod({}))).toEqual([]);
    expect(violations(pod({ volumes: [{ name: 'tmp', emptyDir: {} }] }))).toEqual([]);
  });

  it.each([
    ['allowPrivilegeEscalation', withContext({ allowPrivilegeEscalation: undefined })],
    ['appArmorProfile', withContext({ appArmorProfile: { type: 'Unconfined' } })],
    ['capabilities', withContext({ capabilities: {} })],
    ['capabilities', withContext({ capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } })],
    ['hostNamespaces', pod({ hostNetwork: true })],
    ['hostNamespaces', pod({ hostPID: true })],
    ['hostNamespaces', pod({ hostIPC: true })],
    ['hostPorts', withContainer({ ports: [{ hostPort: 80 }] })],
    ['hostProbesAndhostLifecycle', withContainer({ readinessProbe: { httpGet: { host: '1.2.3.4' } } })],
    [
      'hostProbesAndhostLifecycle',
      withContainer({ lifecycle: { preStop: { tcpSocket: { host: '1.2.3.4' } } } }),
    ],
    ['privileged', withContext({ privileged: true })],
    ['procMount', withContext({ procMount: 'Unmasked' })],
    ['restrictedVolumes', pod({ volumes: [{ name: 'root', hostPath: { path: '/' } }] })],
    ['runAsNonRoot', withContext({ runAsNonRoot: false })],
    ['runAsNonRoot', pod({ securityContext: { seccompProfile: confined } })],
    ['runAsUser', pod({ securityContext: { ...good.securityContext, runAsUser: 0 } })],
    ['seLinuxOptions', withContext({ seLinuxOptions: { role: 'sysadm_r' } })],
    ['seccompProfile', pod({ securityContext: { runAsNonRoot: true } })],
    ['seccompProfile', withContext({ seccompProfile: { type: 'Unconfined' } })],
    ['sysctls', pod({ securityContext: { ...good.securityContext, sysctls: [{ name: 'kernel.msgmax' }] } })],
    ['windowsHostProcess', withContext({ windowsOptions: { hostProcess: true } })],
  ])('refuses a pod that violates %s: %j', (control, template) => {
    expect(violations(template)).toEqual([control]);
  });

  it('holds init and ephemeral containers to it as well', () => {
    const privileged = [{ ...container, securityContext: { privileged: true } }];
    const broken = ['allowPrivilegeEscalation', 'capabilities', 'privileged'];
    expect(violations(pod({ initContainers: privileged }))).toEqual(broken);
    expect(violations(pod({ ephemeralContainers: privileged }))).toEqual(broken);
  });
});
