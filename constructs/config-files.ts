import { createHash } from 'node:crypto';
import { Construct } from 'constructs';
import { k8s } from './kubernetes';

/** A ConfigMap whose keys are mounted as files. */
export class ConfigFiles extends Construct {
  readonly name: string;
  /** Changes with the content; on a pod template it makes a changed file roll the pods. */
  readonly checksum: string;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly namespace: string;
      readonly name: string;
      /** File name → content. */
      readonly files: Readonly<Record<string, string>>;
    },
  ) {
    super(scope, id);
    const { namespace, name, files } = props;
    this.name = name;
    this.checksum = createHash('sha256')
      .update(JSON.stringify(Object.entries(files).sort()))
      .digest('hex')
      .slice(0, 16);
    new k8s.KubeConfigMap(this, 'ConfigMap', { metadata: { name, namespace }, data: { ...files } });
  }
}
