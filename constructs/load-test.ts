import { Construct } from 'constructs';
import type { App } from './app';
import { AppDeployment } from './app-deployment';
import { ConfigFiles } from './config-files';
import type { ServicePort } from './port';

const FOLDER = '/etc/vegeta';

/** What a load test sends, and where it goes. */
export interface LoadTestProps {
  readonly app: App;
  /** One whose entrypoint takes vegeta's words, as `plimsoll/load-test` does. */
  readonly image: string;
  readonly target: ServicePort;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Requests a second; at least 1, vegeta takes 0 for "as many as possible". */
  readonly rate: number;
}

/**
 * A vegeta that attacks one Service at a constant rate until its pod ends, with a new connection for every request. The
 * entrypoint of its image runs it, and puts the report of what was answered into the log at the end.
 */
export class LoadTest extends Construct {
  constructor(scope: Construct, id: string, props: LoadTestProps) {
    super(scope, id);
    const { app, image, target, method, path, body, rate } = props;
    const files = new ConfigFiles(this, 'Targets', {
      namespace: app.namespace,
      name: `${app.name}-targets`,
      files: { targets: `${method} ${target.url}${path}\n@${FOLDER}/body\n`, body },
    });
    new AppDeployment(this, 'Deployment', {
      app,
      image,
      args: ['attack', `-targets=${FOLDER}/targets`, `-rate=${rate}/s`, '-keepalive=false', '-duration=0'],
      user: 10001,
      resources: { cpu: { request: '100m', limit: '1' }, memory: '192Mi' },
      mounts: [{ name: 'targets', path: FOLDER, files }],
    });
  }
}
