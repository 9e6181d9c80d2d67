import type { ManagedCluster } from '@pulumi/azure-native/containerservice';
import {
  AzureMonitorWorkspace,
  DataCollectionEndpoint,
  DataCollectionRule,
  DataCollectionRuleAssociation,
} from '@pulumi/azure-native/monitor';
import type { ResourceGroup } from '@pulumi/azure-native/resources';
import type { Place } from './place';

const STREAM = 'Microsoft-PrometheusMetrics';
const DESTINATION = 'workspace';

/**
 * Where the cluster's own agents send metrics: the profile of the cluster only starts them. The association has the name
 * by which they find it.
 */
export function collectMetrics(place: Place, group: ResourceGroup, aks: ManagedCluster): void {
  const { name, azure } = place;
  const common = { resourceGroupName: group.name, location: place.location, tags: { ...place.tags } };
  const workspace = new AzureMonitorWorkspace(
    'metrics',
    { ...common, azureMonitorWorkspaceName: `${name}-metrics` },
    azure,
  );
  const endpoint = new DataCollectionEndpoint(
    'metrics-endpoint',
    { ...common, dataCollectionEndpointName: `${name}-metrics`, kind: 'Linux' },
    azure,
  );
  const rule = new DataCollectionRule(
    'metrics-rule',
    {
      ...common,
      dataCollectionRuleName: `${name}-metrics`,
      kind: 'Linux',
      dataCollectionEndpointId: endpoint.id,
      dataSources: {
        prometheusForwarder: [{ name: 'prometheus', streams: [STREAM], labelIncludeFilter: {} }],
      },
      destinations: { monitoringAccounts: [{ name: DESTINATION, accountResourceId: workspace.id }] },
      dataFlows: [{ streams: [STREAM], destinations: [DESTINATION] }],
    },
    azure,
  );
  new DataCollectionRuleAssociation(
    'metrics-of-cluster',
    {
      associationName: 'ContainerInsightsMetricsExtension',
      resourceUri: aks.id,
      dataCollectionRuleId: rule.id,
    },
    azure,
  );
}
