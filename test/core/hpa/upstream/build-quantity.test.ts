import { initialState, reconcile } from '../../../../core/hpa';
import { Quantity, type QuantityFormat } from '../../../../core/kube/quantity';
import { client, inputsOf, NOW, samples, specOf } from '../support';
import { eachVersion, unitTestConfig, type UpstreamCase } from './versions';

/** How the status shows a usage per pod. */
interface Case extends UpstreamCase {
  readonly resource: string;
  readonly milli: number;
  readonly shows: readonly [amount: string, format: QuantityFormat];
}

const CASES: Case[] = [
  { name: 'Memory - 1000 bytes → 1Ki', resource: 'memory', milli: 1000, shows: ['1', 'BinarySI'] },
  {
    name: 'Memory - 1000000 bytes → 1000Ki',
    resource: 'memory',
    milli: 1_000_000,
    shows: ['1000', 'BinarySI'],
  },
  { name: 'CPU - 100 milli-cores', resource: 'cpu', milli: 100, shows: ['100m', 'DecimalSI'] },
  { name: 'CPU - 500 milli-cores', resource: 'cpu', milli: 500, shows: ['500m', 'DecimalSI'] },
  { name: 'CPU - 1 milli-core', resource: 'cpu', milli: 1, shows: ['1m', 'DecimalSI'] },
  {
    name: 'CustomResource - 200 milli-units',
    resource: 'custom-resource',
    milli: 200,
    shows: ['200m', 'DecimalSI'],
  },
  {
    name: 'CustomResource - 300 milli-units',
    resource: 'custom-resource',
    milli: 300,
    shows: ['300m', 'DecimalSI'],
  },
];

describe('TestBuildQuantity', () => {
  eachVersion(
    CASES.map((test) => ({ ...test, since: 34 })),
    ({ resource: name, milli, shows }, minor) => {
      const resource = { name, target: { type: 'AverageValue', averageValue: '1' } };
      const inputs = inputsOf(1, {
        spec: specOf({ metrics: [{ type: 'Resource', resource }] }),
        metrics: client({ resource: samples([milli]) }),
      });
      const { status } = reconcile(initialState(), inputs, NOW, unitTestConfig(minor));
      const [metric] = status.currentMetrics;
      const shown = metric?.type === 'Resource' ? metric.resource.current.averageValue : undefined;
      const [amount, format] = shows;
      expect(shown?.compare(Quantity.parse(amount))).toBe(0);
      expect(shown?.format).toBe(format);
    },
  );
});
