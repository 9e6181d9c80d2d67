import { podMakers } from '../chain';
import { parseImage } from '../kube/image';
import { refOf } from '../kube/object';
import type { Check } from './check';

export const unpinnedImage: Check = {
  id: 'unpinned-image',
  title: 'Images have a tag or a digest, and the tag is not "latest"',
  severity: 'warning',
  ofOwnObjects: true,
  *run({ written }) {
    for (const workload of podMakers(written)) {
      const { containers, initContainers = [] } = workload.spec.template.spec;
      for (const { name, image } of [...initContainers, ...containers]) {
        if (image === undefined) continue;
        const { repository, tag, digest } = parseImage(image);
        if (digest !== undefined || (tag !== undefined && tag !== 'latest')) continue;
        yield {
          object: refOf(workload),
          message: `container "${name}" runs ${image}, which is another program tomorrow`,
          fix: `set its image to ${repository} with the tag of a release`,
        };
      }
    }
  },
};
