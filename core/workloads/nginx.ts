import { NotSupportedError } from '../errors';
import { commandLine } from '../kube/command-line';
import { refOf, refText } from '../kube/object';
import { bystander, type IncomingRequest, type Program, type Setting } from './program';

/** Where the image without root listens, `/etc/nginx/conf.d/default.conf`. */
const PORT = 8080;
/** The pages in `/usr/share/nginx/html`, and the folder itself. */
const PAGES = ['/', '/index.html', '/50x.html'];
/** Methods that the handler of static files looks at (`src/http/modules/ngx_http_static_module.c`). */
const METHODS = ['GET', 'HEAD', 'POST'];
/** Folders whose contents decide what it answers. */
const OWN_FILES = /^\/(etc\/nginx|usr\/share\/nginx)(\/|$)/;

/**
 * nginx as its image without root comes: the pages of the package on port 8080, and no metrics.
 * @throws NotSupportedError for another configuration, other pages or another command
 */
export function nginx({ workload, container }: Setting): Program {
  const owner = `${refText(refOf(workload))}, container ${container.name}`;
  const mounted = container.volumeMounts?.find(({ mountPath }) => OWN_FILES.test(mountPath));
  if (mounted || commandLine(container).length > 0) {
    const what = mounted ? `files of its own in ${mounted.mountPath}` : 'a command of its own';
    throw new NotSupportedError(`${owner}: nginx with ${what}; declare what it does as a program`);
  }
  return {
    ...bystander('nginx'),
    status: (at, request) => (at === PORT ? statusOf(request) : undefined),
    exposes: () => false,
  };
}

function statusOf({ method, path }: IncomingRequest): number {
  if (!METHODS.includes(method)) return 405;
  if (!PAGES.includes(path)) return 404;
  return method === 'POST' ? 405 : 200;
}
