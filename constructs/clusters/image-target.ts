import type { Output, Resource } from '@pulumi/pulumi';

/** An image that is built from this project. */
export interface BuiltImage {
  /** What it is for: `adapter`. */
  readonly name: string;
  /** `plimsoll/adapter`, without a registry. */
  readonly repository: string;
  /** `0.1.0` */
  readonly tag: string;
  /** Absolute path of the folder that it is built from. */
  readonly context: string;
  /** Path of its Dockerfile below the context. */
  readonly dockerfile: string;
  /** Arguments of the build, such as bases by digest. */
  readonly arguments: Readonly<Record<string, string>>;
}

/** An image where the nodes of a cluster find it. */
export interface DeliveredImage {
  /** By digest where it comes from a registry; by a tag that names its content where it was loaded. */
  readonly reference: Output<string>;
  /** What pods with the image have to wait for. */
  readonly resource: Resource;
}

/** Brings images to where the nodes of one cluster find them. */
export interface ImageTarget {
  deliver(image: BuiltImage): DeliveredImage;
}
