import { UsageError } from '../errors';
import { type Labels } from '../kube/selector';
import { type GroupResource, type ResourceMapping } from './config';
import { GoRegexp } from '../kube/go-regexp';
import { groupResourceOf, groupResourceText, isRootScoped, type RestMapper } from './group-resource';
import { GoTemplate } from './template';

/** A resource that a series can be asked for. */
export interface SeriesResource {
  readonly resource: GroupResource;
  /** Whether requests for it name a namespace. */
  readonly namespaced: boolean;
}

/** `unserved`: it has the form of the template, but names nothing that the cluster serves. */
type LabelMeaning =
  | { readonly kind: 'resource'; readonly resource: GroupResource }
  | { readonly kind: 'unmapped' | 'unserved' };

/**
 * The mapping between labels and resources of one rule, compiled (prometheus-adapter `resource_converter.go`).
 *
 * Where two labels are overridden to the same resource, queries use the later one; upstream picks one at random.
 */
export class ResourceLabels {
  private readonly meanings = new Map<string, LabelMeaning>();
  private readonly ofNames = new Map<string, readonly SeriesResource[]>();

  private constructor(
    private readonly labels: Map<string, string>,
    private readonly template: LabelTemplate | undefined,
    private readonly mapper: RestMapper,
  ) {}

  /**
   * @param what names the rule in errors
   * @throws UsageError on a resource that the cluster does not serve, or a bad template
   */
  static compile(mapping: ResourceMapping, mapper: RestMapper, what: string): ResourceLabels {
    const template =
      mapping.template === ''
        ? undefined
        : LabelTemplate.compile(mapping.template, `${what}.resources.template`);
    const compiled = new ResourceLabels(new Map(), template, mapper);
    for (const [label, wanted] of Object.entries(mapping.overrides)) {
      const resource = normalized(wanted, mapper);
      if (!resource) {
        throw new UsageError(
          `${what}.resources.overrides.${label}: unable to normalize group-resource ${groupResourceText(wanted)}: ` +
            'the cluster serves no such resource',
        );
      }
      compiled.meanings.set(label, { kind: 'resource', resource });
      compiled.labels.set(groupResourceText(resource), label);
    }
    return compiled;
  }

  /**
   * The label whose value names an object of this resource.
   * @param resource plural and with its full group
   * @throws UsageError if neither an override nor the template gives one
   */
  labelFor(resource: GroupResource): string {
    const text = groupResourceText(resource);
    let label = this.labels.get(text);
    if (label === undefined) {
      label = this.labelFromTemplate(resource, `unable to convert resource ${text} into label`);
      this.labels.set(text, label);
    }
    return label;
  }

  /** The resource that the value of a label names an object of, if any. */
  resourceFor(label: string): GroupResource | undefined {
    const meaning = this.meaning(label);
    return meaning.kind === 'resource' ? meaning.resource : undefined;
  }

  /**
   * The resources that a series can be asked for, each once.
   *
   * They are namespaced as soon as one label, even one that means nothing, is not that of a root-scoped resource; the
   * root-scoped resources themselves never are.
   */
  of(labels: Labels): readonly SeriesResource[] {
    const names = Object.keys(labels);
    const key = names.join();
    let resources = this.ofNames.get(key);
    if (!resources) {
      resources = this.ofLabels(names.filter((name) => name !== '__name__'));
      this.ofNames.set(key, resources);
    }
    return resources;
  }

  private ofLabels(names: readonly string[]): SeriesResource[] {
    const meanings = names.map((name) => this.meaning(name));
    const inNamespace = meanings.some((meaning) =>
      meaning.kind === 'resource' ? !isRootScoped(meaning.resource) : meaning.kind === 'unmapped',
    );
    const resources = meanings.flatMap((meaning) => (meaning.kind === 'resource' ? [meaning.resource] : []));
    return [...new Map(resources.map((resource) => [groupResourceText(resource), resource])).values()].map(
      (resource) => ({ resource, namespaced: inNamespace && !isRootScoped(resource) }),
    );
  }

  private labelFromTemplate(resource: GroupResource, failure: string): string {
    if (!this.template) {
      throw new UsageError(`${failure}: no generic resource label form specified for this metric`);
    }
    const served = this.mapper.resolve(resource);
    if (!served) throw new UsageError(`${failure}: the cluster serves no such resource`);
    return this.template.label(served.group, served.singular);
  }

  private meaning(label: string): LabelMeaning {
    let meaning = this.meanings.get(label);
    if (!meaning) {
      meaning = this.meaningByTemplate(label);
      this.meanings.set(label, meaning);
    }
    return meaning;
  }

  private meaningByTemplate(label: string): LabelMeaning {
    const wanted = this.template?.read(label);
    if (!wanted) return { kind: 'unmapped' };
    const resource = normalized(wanted, this.mapper);
    return resource ? { kind: 'resource', resource } : { kind: 'unserved' };
  }
}

/** `resources.template`, read in both directions. */
class LabelTemplate {
  private constructor(
    private readonly template: GoTemplate,
    private readonly pattern: GoRegexp,
  ) {}

  static compile(source: string, what: string): LabelTemplate {
    const template = GoTemplate.parse(source, what);
    const pattern = template.render({ Group: '(?P<group>.+?)', Resource: '(?P<resource>.+?)' });
    if (!pattern.includes('(?P<resource>')) {
      throw new UsageError(`${what}: must include at least \`<<.Resource>>\` in the label template`);
    }
    return new LabelTemplate(template, GoRegexp.compile(`^${pattern}$`, what));
  }

  /** The label for objects of a resource; dots and dashes of the group become underscores. */
  label(group: string, singular: string): string {
    return this.template.render({ Group: group.replace(/[.-]/g, '_'), Resource: singular });
  }

  /** Group and resource as they stand in a label of the template's form. */
  read(label: string): GroupResource | undefined {
    const named = this.pattern.find(label)?.named;
    return named && { group: named.get('group') ?? '', resource: named.get('resource') ?? '' };
  }
}

function normalized(wanted: GroupResource, mapper: RestMapper): GroupResource | undefined {
  const served = mapper.resolve(wanted);
  return served && groupResourceOf(served);
}
