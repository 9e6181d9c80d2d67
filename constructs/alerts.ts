import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule' with {
  'resolution-mode': 'import',
};
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Labels } from '../core/kube/selector';

/** Something that somebody should know. */
export interface Alert {
  readonly name: string;
  /** PromQL; the alert is about each series that it yields. */
  readonly expr: string;
  /** How long it must hold, in Prometheus notation. */
  readonly for: string;
  /** `critical`: autoscalers stand still now. `warning`: they will, or some do. */
  readonly severity: 'critical' | 'warning';
  /** One line; `{{ $labels.x }}` and `{{ $value }}` are replaced. */
  readonly summary: string;
  /** What it means and what to do first. */
  readonly description: string;
  /** Address or path of the page that tells the rest. */
  readonly runbook: string;
}

/** Where alerts are evaluated. */
export interface AlertsProps {
  /** Where the Prometheus looks for rules. */
  readonly namespace: string;
  readonly name: string;
  /** Labels by which a Prometheus selects the rules. */
  readonly labels: Labels;
  readonly alerts: readonly Alert[];
}

/** Alerts that a Prometheus evaluates: one PrometheusRule of one group. */
export class Alerts extends Construct {
  constructor(scope: Construct, id: string, props: AlertsProps) {
    super(scope, id);
    const { namespace, name, labels, alerts } = props;
    const spec: IPrometheusRule['spec'] = {
      groups: [
        {
          name,
          rules: alerts.map((alert) => ({
            alert: alert.name,
            expr: alert.expr,
            for: alert.for,
            labels: { severity: alert.severity },
            annotations: {
              summary: alert.summary,
              description: alert.description,
              runbook_url: alert.runbook,
            },
          })),
        },
      ],
    };
    new ApiObject(this, 'PrometheusRule', {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name, namespace, labels: { ...labels } },
      spec,
    });
  }
}
