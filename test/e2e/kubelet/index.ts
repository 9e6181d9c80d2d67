export { startKubelet } from './kubelet';
export type { SandboxedPod } from './pod-worker';
