import { Construct } from 'constructs';
import { stringify } from 'yaml';
import { App } from './app';
import { AppDeployment } from './app-deployment';
import { AppService } from './app-service';
import { ConfigFiles } from './config-files';
import { Connection } from './connection';
import { dashboardJson, type Dashboard } from './dashboard';
import type { ServicePort } from './port';

const DATASOURCE = 'prometheus';
const PROVISIONING = '/etc/grafana/provisioning';
const DASHBOARDS = '/etc/grafana/dashboards';

/** What a Grafana shows, and from where. */
export interface GrafanaProps {
  readonly namespace: string;
  readonly image: string;
  readonly prometheus: ServicePort;
  readonly scrapeInterval: string;
  readonly dashboards: readonly Dashboard[];
  readonly nodePort?: number | undefined;
}

/**
 * Grafana with everything provisioned from code: nothing is kept, nobody logs in, everybody who can reach it reads.
 */
export class Grafana extends Construct {
  /** The Service in front of the Grafana of a namespace. */
  static service(namespace: string): ServicePort {
    return grafanaApp(namespace).service('http');
  }

  constructor(scope: Construct, id: string, props: GrafanaProps) {
    super(scope, id);
    const { namespace, image, prometheus, nodePort } = props;
    const app = grafanaApp(namespace);
    new AppDeployment(this, 'Deployment', {
      app,
      image,
      env: ENVIRONMENT,
      user: 472,
      // Grafana 13 needs twice the memory of 12 (grafana issue 123017), and a process for each bundled data source.
      // Its database is in the data directory.
      resources: { cpu: { request: '100m', limit: '1' }, memory: '1Gi', storage: '512Mi' },
      // It builds its database anew at each start. Only /api/health asks the database (`pkg/api/http_server.go`).
      health: { port: 'http', ready: '/api/health', live: '/healthz', startsWithin: 180 },
      mounts: [
        { name: 'datasources', path: `${PROVISIONING}/datasources`, files: this.datasources(props) },
        { name: 'providers', path: `${PROVISIONING}/dashboards`, files: this.providers(namespace) },
        { name: 'dashboards', path: DASHBOARDS, files: this.dashboards(props) },
        { name: 'data', path: '/var/lib/grafana' },
        { name: 'tmp', path: '/tmp' },
      ],
    });
    new AppService(this, 'Service', { port: Grafana.service(namespace), nodePort });
    new Connection(this, 'ToPrometheus', { from: app, to: prometheus.pod });
  }

  private datasources({ namespace, prometheus, scrapeInterval }: GrafanaProps): ConfigFiles {
    const datasource = {
      name: 'Prometheus',
      uid: DATASOURCE,
      type: 'prometheus',
      access: 'proxy',
      url: prometheus.url,
      isDefault: true,
      editable: false,
      jsonData: { timeInterval: scrapeInterval },
    };
    return new ConfigFiles(this, 'Datasources', {
      namespace,
      name: 'grafana-datasources',
      files: { 'datasources.yaml': stringify({ apiVersion: 1, datasources: [datasource] }) },
    });
  }

  private providers(namespace: string): ConfigFiles {
    const provider = {
      name: 'files',
      type: 'file',
      disableDeletion: true,
      allowUiUpdates: false,
      options: { path: DASHBOARDS },
    };
    return new ConfigFiles(this, 'Providers', {
      namespace,
      name: 'grafana-dashboard-providers',
      files: { 'providers.yaml': stringify({ apiVersion: 1, providers: [provider] }) },
    });
  }

  private dashboards({ namespace, dashboards }: GrafanaProps): ConfigFiles {
    const files = dashboards.map((dashboard): [string, string] => [
      `${dashboard.uid}.json`,
      dashboardJson(dashboard, DATASOURCE),
    ]);
    return new ConfigFiles(this, 'Dashboards', {
      namespace,
      name: 'grafana-dashboards',
      files: Object.fromEntries(files),
    });
  }
}

function grafanaApp(namespace: string): App<'http'> {
  return new App({ namespace, name: 'grafana', ports: { http: 3000 } });
}

/**
 * Read-only for everybody, no accounts, no calls to the outside.
 *
 * The image brings the plugin of the data source along. An update of it at the start would first unload it and then
 * fail, because the root file system is read-only (grafana issue 132528): there must be none.
 */
const ENVIRONMENT = {
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
  GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
  GF_ANALYTICS_REPORTING_ENABLED: 'false',
  GF_AUTH_ANONYMOUS_ENABLED: 'true',
  GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
  GF_AUTH_BASIC_ENABLED: 'false',
  GF_AUTH_DISABLE_LOGIN_FORM: 'true',
  GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
} as const;
