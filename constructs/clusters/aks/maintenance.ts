import { MaintenanceConfiguration, type ManagedCluster } from '@pulumi/azure-native/containerservice';
import type { ResourceGroup } from '@pulumi/azure-native/resources';
import type { Place } from './place';
import type { AksSettings } from './settings';

/** The shortest window that AKS takes, in hours. */
const WINDOW_HOURS = 4;

/** When AKS upgrades by itself, as far as it does; the names of the two windows are given by AKS. */
export function planMaintenance(
  { azure }: Place,
  group: ResourceGroup,
  aks: ManagedCluster,
  { autoUpgradeChannel, nodeOsUpgradeChannel, maintenanceDay, maintenanceStart }: AksSettings,
): void {
  const windows = [
    ...(autoUpgradeChannel === 'none' ? [] : ['aksManagedAutoUpgradeSchedule']),
    // Unattended upgrades and None follow no window.
    ...(['SecurityPatch', 'NodeImage'].includes(nodeOsUpgradeChannel)
      ? ['aksManagedNodeOSUpgradeSchedule']
      : []),
  ];
  for (const configName of windows) {
    new MaintenanceConfiguration(
      configName,
      {
        resourceGroupName: group.name,
        resourceName: aks.name,
        configName,
        maintenanceWindow: {
          durationHours: WINDOW_HOURS,
          schedule: { weekly: { dayOfWeek: maintenanceDay, intervalWeeks: 1 } },
          startTime: maintenanceStart,
          utcOffset: '+00:00',
        },
      },
      { ...azure, deletedWith: aks },
    );
  }
}
