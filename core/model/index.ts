export {
  DEFAULT_AUTOSCALING,
  apiServerPort,
  clusterDescriptor,
  minorVersion,
  nodeCount,
  type ClusterDescriptor,
} from './cluster';
export { largest, smallest, valueAt } from './columns';
export type { MetricContract, MetricType, SeriesContract } from './metric-contract';
export {
  bounds,
  defineScenario,
  formatScenarioFile,
  parseScenarioFile,
  type DeclaredProgram,
  type DeclaredUsage,
  type Expectation,
  type ExpectationInput,
  type Scenario,
  type ScenarioFile,
  type ScenarioInput,
} from './scenario';
export { CNI_CONTEXT } from './stack';
export type {
  HelmRelease,
  ReadyCondition,
  ServiceForward,
  Stack,
  StackDefinition,
  StackImage,
  Stage,
} from './stack';
export {
  allObjects,
  isProvided,
  type Origin,
  type SourcedObject,
  type StackObjects,
  type StageObjects,
} from './stack-objects';
export type {
  AutoscalerMetric,
  AutoscalerTimeline,
  Condition,
  Decision,
  ExpectationOutcome,
  Link,
  LinkProblem,
  LoadTimeline,
  Timeline,
  TimelineEvent,
  WorkloadTimeline,
} from './timeline';
