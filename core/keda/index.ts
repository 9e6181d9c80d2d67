/** KEDA 2.20 as far as it scales by Prometheus, CPU and memory: ScaledObjects, their triggers and their autoscalers. */
export { requestScale, type ActivationState, type Activity } from './activation';
export { autoscalerConflict, resourceProblems, scaledObjectConflicts, specProblems } from './admission';
export { generatedHpa } from './generated-hpa';
export { operatorError, scaledObjectIn } from './metric-request';
export { type PrometheusTrigger } from './prometheus-trigger';
export { readPrometheus, type PrometheusAnswer, type TriggerValue } from './prometheus-value';
export { readScaledObject, refuseUnmodelled, type ScaledObject } from './scaled-object';
export { servedQuantity } from './served-quantity';
export { triggerOf, triggersOf, type Trigger } from './trigger';
