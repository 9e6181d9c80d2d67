import { CertificateAuthority, type Identity, serviceAccountKeys } from '../../control-plane/pki';
import { KUBERNETES_SERVICE, nodeAddress } from '../sandbox/addresses';

const FRONT_PROXY = 'front-proxy-client';

/** Everything that is signed for a run. */
export class Certificates {
  private readonly authority = CertificateAuthority.create('kubernetes');
  private readonly serviceAccounts = serviceAccountKeys();
  readonly admin: Identity = this.client('admin', ['system:masters']);

  get caCertificate(): string {
    return this.authority.certificate;
  }

  client(commonName: string, organizations: readonly string[] = []): Identity {
    return this.authority.issue({ commonName, organizations });
  }

  server(names: readonly string[]): Identity {
    // Not as its authority: who signs himself is believed by nobody.
    return this.authority.issue({ commonName: `server ${names[0] ?? ''}`, names });
  }

  /** What kube-apiserver reads, by the names of its files. */
  apiServerFiles(): Readonly<Record<string, string>> {
    const names = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost', '127.0.0.1'];
    const serving = this.server([...names, KUBERNETES_SERVICE, nodeAddress(0)]);
    const kubeletClient = this.client('kube-apiserver-kubelet-client', ['system:masters']);
    return {
      'ca.crt': this.caCertificate,
      'kubelet-client.crt': kubeletClient.certificate,
      'kubelet-client.key': kubeletClient.key,
      'apiserver.crt': serving.certificate,
      'apiserver.key': serving.key,
      'service-account.pub': this.serviceAccounts.publicKey,
      'service-account.key': this.serviceAccounts.privateKey,
      ...this.frontProxyFiles(),
    };
  }

  /** A new authority each time, and what kube-apiserver shows aggregated servers to prove that it speaks for users. */
  frontProxyFiles() {
    const authority = CertificateAuthority.create('front-proxy');
    const { certificate, key } = authority.issue({ commonName: FRONT_PROXY });
    return {
      'front-proxy-ca.crt': authority.certificate,
      'front-proxy.crt': certificate,
      'front-proxy.key': key,
    };
  }
}
