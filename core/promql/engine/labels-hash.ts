import { type Labels } from '../../kube/selector';
import { perLabels, sortedPairs } from '../labels';
import { xxhash64 } from './xxhash64';

/** Longer texts have a length of three bytes. */
const LONG = 255;

/** The hash of labels as Prometheus builds it by default (`labels_stringlabels.go`); `limit_ratio` samples by it. */
export const labelsHash = perLabels((labels) => xxhash64(encode(labels)));

function encode(labels: Labels): Uint8Array {
  const encoder = new TextEncoder();
  const bytes = sortedPairs(labels)
    .flat()
    .flatMap((text) => {
      const encoded = encoder.encode(text);
      return [...lengthBytes(encoded.length), ...encoded];
    });
  return Uint8Array.from(bytes);
}

function lengthBytes(length: number): number[] {
  if (length < LONG) return [length];
  return [LONG, length & 0xff, (length >> 8) & 0xff, (length >> 16) & 0xff];
}
