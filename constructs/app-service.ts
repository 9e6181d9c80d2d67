import { Construct } from 'constructs';
import { Connection, Entity } from './connection';
import { k8s } from './kubernetes';
import type { ServicePort } from './port';

/**
 * The Service of a port handle: labelled, its port named. Reachable in the cluster only, unless a node port is given;
 * then the pods are opened to the outside as well.
 */
export class AppService extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly port: ServicePort; readonly nodePort?: number | undefined },
  ) {
    super(scope, id);
    const { port, nodePort } = props;
    new k8s.KubeService(this, 'Service', {
      metadata: { name: port.service, namespace: port.namespace, labels: { ...port.labels } },
      spec: {
        type: nodePort === undefined ? 'ClusterIP' : 'NodePort',
        selector: { ...port.pod.podLabels },
        ports: [
          {
            name: port.name,
            port: port.number,
            targetPort: k8s.IntOrString.fromString(port.pod.name),
            protocol: 'TCP',
            ...(nodePort === undefined ? {} : { nodePort }),
          },
        ],
      },
    });
    if (nodePort !== undefined) {
      new Connection(this, 'FromOutside', { from: Entity.outside, to: port.pod });
    }
  }
}
