import type { KubeObject } from '../../../core/kube/object';
import { isRecord, type ObjectEdit } from './object-edit';
import type { Times } from './times';

/** Fields that hold Prometheus durations, by kind, and what the operator or Prometheus takes without them. */
const FIELDS: Readonly<Record<string, readonly (readonly [path: string, missing?: string])[]>> = {
  ServiceMonitor: [['spec.endpoints.*.interval'], ['spec.endpoints.*.scrapeTimeout']],
  PodMonitor: [['spec.podMetricsEndpoints.*.interval'], ['spec.podMetricsEndpoints.*.scrapeTimeout']],
  Probe: [['spec.interval'], ['spec.scrapeTimeout']],
  ScrapeConfig: [['spec.scrapeInterval'], ['spec.scrapeTimeout']],
  // Without a scrape timeout Prometheus takes 10 s, or the interval if that is shorter (`config/config.go`).
  Prometheus: [['spec.scrapeInterval', '30s'], ['spec.scrapeTimeout'], ['spec.evaluationInterval']],
};

/** How often Prometheus asks, and over which time recording rules look. Alerts are no part of the chain. */
export function scaleMonitoring(edit: ObjectEdit, times: Times, recordingRules: boolean): void {
  const { kind } = edit.object;
  for (const [path, missing] of FIELDS[kind] ?? []) {
    edit.change(path, (value) => duration(value, edit.name, times), missing);
  }
  if (kind === 'Prometheus' && recordingRules) {
    const path = 'spec.evaluationInterval';
    const given = isRecord(edit.object['spec']) && edit.object['spec']['evaluationInterval'] !== undefined;
    if (!given) edit.change(path, (value) => duration(value, edit.name, times), '30s');
  }
  if (kind === 'PrometheusRule') edit.change('spec.groups.*', (group) => scaledGroup(group, edit, times));
}

/** Whether an object has a rule that makes series. */
export function hasRecordingRules({ kind, spec }: KubeObject): boolean {
  if (kind !== 'PrometheusRule' || !isRecord(spec)) return false;
  return listOf(spec['groups']).some((group) => isRecord(group) && listOf(group['rules']).some(isRecording));
}

function scaledGroup(group: unknown, edit: ObjectEdit, times: Times): unknown {
  if (!isRecord(group)) return group;
  const rules = listOf(group['rules']);
  if (!rules.some(isRecording)) return group;
  const { interval } = group;
  return {
    ...group,
    ...(interval === undefined ? {} : { interval: duration(interval, edit.name, times) }),
    rules: rules.map((rule) => {
      if (!isRecord(rule) || !isRecording(rule)) return rule;
      return { ...rule, expr: times.query(String(rule['expr']), edit.name) };
    }),
  };
}

function isRecording(rule: unknown): boolean {
  return isRecord(rule) && rule['record'] !== undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function duration(value: unknown, where: string, times: Times): string {
  return times.prometheus(String(value), where);
}
