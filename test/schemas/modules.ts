import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { z } from 'zod';

/** The Go modules that hold schemas and charts, at the versions that the stacks install or the nearest that is published. */
export const SCHEMA_MODULES = {
  kubernetes: 'k8s.io/kubernetes@v1.36.4',
  prometheusOperator: 'github.com/prometheus-operator/prometheus-operator@v0.93.0',
  cilium: 'github.com/cilium/cilium@v1.20.2',
  keda: 'github.com/kedacore/keda/v2@v2.20.2',
  // The controllers of Flux 2.9.4.
  fluxSource: 'github.com/fluxcd/source-controller@v1.9.4',
  fluxKustomize: 'github.com/fluxcd/kustomize-controller@v1.9.4',
  fluxHelm: 'github.com/fluxcd/helm-controller@v1.6.3',
  fluxImageReflector: 'github.com/fluxcd/image-reflector-controller@v1.2.4',
  fluxImageAutomation: 'github.com/fluxcd/image-automation-controller@v1.2.4',
  kedaCharts: 'github.com/kedacore/charts@v2.20.2+incompatible',
} as const;

const downloaded = z.looseObject({ Dir: z.string() });

/** Folder of a module in Go's module cache; fetched, and verified against the checksum database, when it is not there. */
export function moduleFolder(module: string): string {
  const output = execFileSync('go', ['mod', 'download', '-json', module], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  return downloaded.parse(JSON.parse(output)).Dir;
}
