import { Yaml } from 'cdk8s';
import { z } from 'zod';
import { prometheusWorkload } from '../../core/chain';
import { Inventory } from '../../core/kube/inventory';
import { refOf, refText, type KubeObject } from '../../core/kube/object';
import { minorVersion } from '../../core/model';
import { objectText, type ScannerFinding } from './finding';
import { scan } from './tools';

/** kube-score's grades: 1 is critical, 5 a warning, 7 and 10 are good. */
const WORST_GOOD_GRADE = 7;

/** `renderer/json_v2` of kube-score. */
const scored = z.array(
  z.looseObject({
    type_meta: z.looseObject({ kind: z.string(), apiVersion: z.string() }),
    object_meta: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
    checks: z.array(
      z.looseObject({
        check: z.looseObject({ id: z.string() }),
        grade: z.number(),
        skipped: z.boolean(),
        comments: z.array(z.looseObject({ path: z.string(), summary: z.string() })).nullable(),
      }),
    ),
  }),
);

/**
 * Critical findings and warnings of kube-score, by its default checks. It is told of the StatefulSets that the
 * Prometheus Operator makes and of the workloads of charts, so that it knows the pods which Services and policies
 * select; how those are made is for others, so what it finds about them is left out.
 * @param kubernetes full version
 * @param provided what charts install
 */
export function kubeScore(
  objects: readonly KubeObject[],
  kubernetes: string,
  provided: readonly KubeObject[] = [],
): ScannerFinding[] {
  const own = new Set(objects.map((object) => refText(refOf(object))));
  const others = [
    ...new Inventory(objects).prometheuses.map(prometheusWorkload),
    ...new Inventory([...provided]).workloads,
  ];
  const output = scan(
    'kube-score',
    ['score', '--output-format=json', `--kubernetes-version=v${minorVersion(kubernetes)}`, '-'],
    Yaml.stringify(...objects, ...others),
  );
  return scored
    .parse(JSON.parse(output))
    .flatMap(({ type_meta: { apiVersion, kind }, object_meta: { name, namespace }, checks }) =>
      checks
        .filter(({ grade, skipped }) => !skipped && grade < WORST_GOOD_GRADE)
        .map(({ check, grade, comments }) => ({
          object: objectText(apiVersion, kind, { name, ...(namespace && { namespace }) }),
          check: check.id,
          text: `${grade === 1 ? 'critical' : 'warning'}: ${(comments ?? []).map(commentText).join('; ')}`,
        })),
    )
    .filter(({ object }) => own.has(object))
    .sort((a, b) => `${a.object} ${a.check}`.localeCompare(`${b.object} ${b.check}`));
}

function commentText({ path, summary }: { readonly path: string; readonly summary: string }): string {
  return path === '' ? summary : `${path}: ${summary}`;
}
