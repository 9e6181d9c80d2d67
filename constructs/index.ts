/**
 * Constructs that the stacks are made of. Identities (`App`), handles (ports, exporters, series, metrics) and rules are
 * plain data that stages share; everything else renders objects into the stage it is created in.
 */
export { adapterDashboard } from './adapter-dashboard';
export { AdapterMonitoring } from './adapter-monitoring';
export { AdapterRules } from './adapter-rules';
export { App, type Replicas } from './app';
export { AppDeployment } from './app-deployment';
export { AppService } from './app-service';
export { Autoscaler, type ScalingBehavior } from './autoscaler';
export { Cilium } from './cilium';
export { ClusterMetrics, ClusterMetricsHandle } from './cluster-metrics';
export { ConfigFiles } from './config-files';
export { Connection, Entity } from './connection';
export { CORE_DNS } from './core-dns';
export { type Dashboard } from './dashboard';
export { DnsAccess, type DnsAccessProps } from './dns-access';
export { EnvoyProxy, INBOUND_CLUSTER } from './envoy-proxy';
export { observations } from './exporter';
export { Grafana } from './grafana';
export { hey } from './hey';
export { Keda, KedaConnections } from './keda';
export { KubeStateMetrics } from './kube-state-metrics';
export { LoadRun } from './load-run';
export { LoadTest } from './load-test';
export { MANAGED_METRICS_SERVER } from './managed-metrics-server';
export { ResourceMetric } from './metric';
export { MetricsAdapter } from './metrics-adapter';
export { MetricsAdapterHandle } from './metrics-adapter-handle';
export { MetricsServer } from './metrics-server';
export { POD_SECURITY_EXCEPTION, PrivilegedNamespace, RestrictedNamespace } from './namespace';
export { NodeExporter } from './node-exporter';
export { OpportunisticWorker } from './opportunistic-worker';
export { PodMonitor } from './pod-monitor';
export { type ServicePort } from './port';
export { Priority, PriorityClass } from './priority-class';
export { PrometheusHandle, PrometheusInstance, type PrometheusInstanceProps } from './prometheus-instance';
export { configReloaderFor, PrometheusOperator } from './prometheus-operator';
export { prometheusOperatorCrds } from './prometheus-operator-crds';
export { countOf, rate, sumBy, value, type Reading } from './query';
export { requestDashboard } from './request-dashboard';
export { prometheusTrigger, ScaledObject } from './scaled-object';
export { ServiceMonitor } from './service-monitor';
export { unchecked } from './unchecked';
