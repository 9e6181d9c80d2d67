import { UsageError } from '../errors';
import { type GroupResource, type ResourceMapping } from './config';
import { GoRegexp } from '../kube/go-regexp';
import { groupResourceOf, groupResourceText, isRootScoped, type RestMapper } from './group-resource';
import { groupResourceValue } from './group-resource-value';
import { type Locate } from './locate';
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
 * Where two labels are overridden to the same resource, queries use the later one; upstream picks one at random. And
 * what a label means never depends on what was asked before: upstream also learns from the labels that it made of
 * the template for a query.
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
   * @throws UsageError on a resource that the cluster does not serve, or a bad template
   * @throws NotSupportedError as {@link GoTemplate.parse}
   */
  static compile(mapping: ResourceMapping, mapper: RestMapper, locate: Locate): ResourceLabels {
    const template =
      mapping.template === ''
        ? undefined
        : LabelTemplate.compile(mapping.template, locate('resources.template'));
    const compiled = new ResourceLabels(new Map(), template, mapper);
    for (const [label, wanted] of Object.entries(mapping.overrides)) {
      const resource = normalized(wanted, mapper);
      if (!resource) {
        throw new UsageError(
          `${locate(`resources.overrides.${label}`)}: unable to normalize group-resource ${groupResourceText(wanted)}: ` +
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
   * The resources that a series with these labels can be asked for, each once.
   *
   * They are namespaced as soon as one label, even one that means nothing, is not that of a root-scoped resource; the
   * root-scoped resources themselves never are.
   */
  of(labels: Iterable<string>): readonly SeriesResource[] {
    const names = [...labels];
    const key = names.join('\0');
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
    const singular = this.mapper.singular(resource.resource);
    if (singular === undefined) throw new UsageError(`${failure}: the cluster serves no such resource`);
    const label = this.template.label(resource.group, singular);
    if (label === '') throw new UsageError(`${failure}: empty label produced by label template`);
    return label;
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
    private readonly resourceGroup: number,
  ) {}

  static compile(source: string, what: string): LabelTemplate {
    const template = GoTemplate.parse(source, 'resource-label', what);
    const rendered = template.render(groupResourceValue('(?P<group>.+?)', '(?P<resource>.+?)'));
    if (rendered === '')
      throw new UsageError(`${what}: unable to convert label template to matcher: empty template`);
    const pattern = GoRegexp.compile(`^${rendered}$`, what);
    const resourceGroup = pattern.lastGroup('resource');
    if (resourceGroup === undefined) {
      throw new UsageError(`${what}: must include at least \`<<.Resource>>\` in the label template`);
    }
    return new LabelTemplate(template, pattern, resourceGroup);
  }

  /** The label for objects of a resource; dots and dashes of the group become underscores. */
  label(group: string, singular: string): string {
    return this.template.render(groupResourceValue(group.replace(/[.-]/g, '_'), singular));
  }

  /** Group and resource as they stand in a label of the template's form. */
  read(label: string): GroupResource | undefined {
    const match = this.pattern.find(label);
    if (!match) return undefined;
    const group = this.pattern.lastGroup('group');
    return {
      group: group === undefined ? '' : (match.numbered[group] ?? ''),
      resource: match.numbered[this.resourceGroup] ?? '',
    };
  }
}

function normalized(wanted: GroupResource, mapper: RestMapper): GroupResource | undefined {
  const served = mapper.resolve(wanted);
  return served && groupResourceOf(served);
}
