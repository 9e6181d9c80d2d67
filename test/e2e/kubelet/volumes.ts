import { chmodSync, chownSync, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { NotSupportedError, UsageError } from '../../../core/errors';
import { Quantity } from '../../../core/kube/quantity';
import { attempt, run } from './commands';
import type { ConfigKind } from './cluster-objects';
import { expand } from './expansion';
import { PayloadFolder } from './payload';
import type { Container, Volume, VolumeMount } from './pod';
import type { BoundMount } from './runtime-spec';
import { type ContentSources, payloadOf, projectionsOf, refersTo } from './volume-content';

/** The volumes of one pod. */
export class PodVolumes {
  private readonly payloads = new Map<string, PayloadFolder>();
  private readonly mounted: string[] = [];
  private readonly made = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly sources: () => ContentSources,
  ) {}

  /** @throws UsageError if one cannot be made yet, or ever; what was made stays */
  async setUp(): Promise<void> {
    for (const volume of this.list) await this.make(volume);
  }

  /** Renders those that show something of an object, or of tokens and labels if none is given. */
  async refresh(object?: { readonly kind: ConfigKind; readonly name: string }): Promise<void> {
    for (const volume of this.list) {
      const concerned = object ? refersTo(volume, object.kind, object.name) : true;
      if (concerned && this.payloads.has(volume.name)) await this.render(volume);
    }
  }

  /**
   * What a container mounts.
   * @throws UsageError for a volume that the pod does not have, and a path that leads out of it
   */
  mountsOf(container: Container, variables: ReadonlyMap<string, string>): readonly BoundMount[] {
    return container.volumeMounts.map((mount) => this.mountOf(mount, variables));
  }

  async tearDown(): Promise<void> {
    if (this.mounted.length > 0) await attempt('umount', ['-l', ...this.mounted]);
  }

  private get list(): readonly Volume[] {
    return this.sources().pod.spec.volumes;
  }

  private mountOf(
    { name, mountPath, subPath, subPathExpr, readOnly }: VolumeMount,
    variables: ReadonlyMap<string, string>,
  ): BoundMount {
    const volume = this.list.find((one) => one.name === name);
    if (!volume) throw new UsageError(`nothing to mount at ${mountPath}: the pod has no volume "${name}"`);
    const base = this.pathOf(volume);
    const below = normalize(subPathExpr === '' ? subPath : expand(subPathExpr, variables));
    if (below.startsWith('..') || below.startsWith('/')) {
      throw new UsageError(`subPath "${below}" of volume "${name}" leads out of it: write it relative`);
    }
    const source = join(base, below);
    if (!existsSync(source)) this.makeFolder(source);
    // A single file is bound as it is now; it does not follow later changes, as in any cluster.
    return {
      source: below === '.' ? source : realpathSync(source),
      destination: mountPath,
      readOnly: readOnly || volume.emptyDir === undefined,
    };
  }

  private pathOf({ name, hostPath }: Volume): string {
    return hostPath && existsSync(hostPath.path) ? hostPath.path : join(this.folder, name);
  }

  private async make(volume: Volume): Promise<void> {
    const { name, emptyDir, hostPath, persistentVolumeClaim } = volume;
    const path = join(this.folder, name);
    if (projectionsOf(volume)) return this.render(volume);
    if (this.made.has(name)) return;
    if (emptyDir) {
      mkdirSync(path, { recursive: true });
      if (emptyDir.medium === 'Memory') await this.mountMemory(path, emptyDir.sizeLimit);
      this.makeFolder(path);
    } else if (hostPath) {
      const creatable = hostPath.type === '' || hostPath.type.endsWith('OrCreate');
      if (!existsSync(hostPath.path) && !creatable) {
        throw new UsageError(`hostPath type check failed: ${hostPath.path} is not a ${hostPath.type}`);
      }
      // What would be created on the node is created for the pod alone.
      if (!existsSync(hostPath.path)) this.makeFolder(path);
    } else if (persistentVolumeClaim) {
      throw new NotSupportedError(`volume "${name}": PersistentVolumeClaims; use an emptyDir for this run`);
    } else {
      throw new NotSupportedError(`volume "${name}": its type; use emptyDir, configMap, secret or projected`);
    }
    this.made.add(name);
  }

  private async mountMemory(path: string, sizeLimit: string | number | undefined): Promise<void> {
    const size = sizeLimit === undefined ? [] : ['-o', `size=${Quantity.parse(sizeLimit).value()}`];
    await run('mount', ['-t', 'tmpfs', ...size, 'tmpfs', path]);
    this.mounted.push(path);
  }

  private async render(volume: Volume): Promise<void> {
    const projections = projectionsOf(volume);
    if (!projections) return;
    const payload = await payloadOf(projections, this.sources());
    const folder =
      this.payloads.get(volume.name) ?? new PayloadFolder(join(this.folder, volume.name), this.group);
    this.payloads.set(volume.name, folder);
    folder.show(payload);
  }

  private makeFolder(path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    mkdirSync(path, { recursive: true });
    if (this.group !== undefined) chownSync(path, 0, this.group);
    chmodSync(path, this.group === undefined ? 0o777 : 0o2777);
  }

  private get group(): number | undefined {
    return this.sources().pod.spec.securityContext.fsGroup;
  }
}
