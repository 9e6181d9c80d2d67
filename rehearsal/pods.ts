import type { VirtualPod } from './virtual-pod';

type Listener = (pod: VirtualPod) => void;

/** The pods that exist, and who wants to know when one of them changes. */
export class Pods {
  private readonly byNamespace = new Map<string, Map<string, VirtualPod>>();
  private readonly listeners: Listener[] = [];
  private changes = 0;
  private numbers = 0;

  /** Changes with every pod. */
  get version(): number {
    return this.changes;
  }

  /** A number for a new pod. */
  nextNumber(): number {
    return this.numbers++;
  }

  /** A function whose result only pods can change, so that it is worked out again after a change only. */
  memo<T>(compute: () => T): () => T {
    let version = -1;
    let result: { readonly value: T } | undefined;
    return () => {
      if (!result || version !== this.changes) {
        result = { value: compute() };
        version = this.changes;
      }
      return result.value;
    };
  }

  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  add(pod: VirtualPod): void {
    const pods = this.byNamespace.get(pod.namespace);
    if (pods) pods.set(pod.name, pod);
    else this.byNamespace.set(pod.namespace, new Map([[pod.name, pod]]));
    this.changed(pod);
  }

  remove(pod: VirtualPod): void {
    pod.gone = true;
    // A pod of a StatefulSet may have a successor of the same name by now.
    const pods = this.byNamespace.get(pod.namespace);
    if (pods?.get(pod.name) === pod) pods.delete(pod.name);
    this.changed(pod);
  }

  /** To be called after a pod was changed. */
  changed(pod: VirtualPod): void {
    this.changes++;
    for (const listener of this.listeners) listener(pod);
  }

  find(namespace: string, name: string): VirtualPod | undefined {
    return this.byNamespace.get(namespace)?.get(name);
  }

  /** In the order they were made. */
  inNamespace(namespace: string): readonly VirtualPod[] {
    return [...(this.byNamespace.get(namespace)?.values() ?? [])];
  }

  all(): readonly VirtualPod[] {
    return [...this.byNamespace.values()].flatMap((pods) => [...pods.values()]);
  }
}
