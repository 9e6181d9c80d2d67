import { join } from 'node:path';
import { refOf, refText } from '../../core/kube/object';
import { Keda } from '../../constructs';
import { stacks } from '../../stacks';
import { moduleFolder, SCHEMA_MODULES } from '../schemas/modules';
import { render } from './helm';

/** Charts that come inside a Go module; others are published in chart repositories only. */
const CHART_FOLDERS: Readonly<Record<string, () => string>> = {
  cilium: () => join(moduleFolder(SCHEMA_MODULES.cilium), 'install/kubernetes/cilium'),
  keda: () => join(moduleFolder(SCHEMA_MODULES.kedaCharts), 'keda'),
};

/** Releases that constructs make, whether a stack has them or not. */
const CONSTRUCTED = [
  new Keda({ namespace: 'keda', version: '2.20.2', before: 'keda', watches: ['shop'] }),
  new Keda({ namespace: 'keda', version: '2.20.2', before: 'keda', watches: ['shop', 'keda', 'cart'] }),
].map(({ release }) => ({ stack: 'the construct', kubernetes: '1.36.1', release }));

/** Chart versions of the modules, which appear a little later than the charts themselves. */
const PUBLISHED: Readonly<Record<string, object>> = { kind: { cilium: '1.20.2' } };

const ofStacks = stacks.flatMap((definition) => {
  const stack = definition.define(definition.options.parse(PUBLISHED[definition.name] ?? {}));
  return stack.releases.map((release) => ({
    stack: stack.name,
    kubernetes: stack.cluster.kubernetes,
    release,
  }));
});
const cases = [...ofStacks, ...CONSTRUCTED].flatMap((one) => {
  const folder = CHART_FOLDERS[one.release.chart];
  return folder ? [{ ...one, folder }] : [];
});

describe.each(cases)(
  'what $stack says that chart $release.chart installs',
  ({ release, folder, kubernetes }) => {
    const rendered = new Map(
      render(release, folder(), kubernetes).map((object) => [refText(refOf(object)), object]),
    );

    it.each(release.provides.map((object) => [refText(refOf(object)), object] as const))(
      '%s',
      (name, object) => {
        expect(rendered.get(name)).toMatchObject(object);
      },
    );
  },
);
