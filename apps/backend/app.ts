import { backend, BACKEND_PATHS } from '../../core/workloads/backend';
import {
  httpSettings,
  programService,
  text,
  type App,
  type HttpRequest,
  type HttpSettings,
} from '../runtime';

/** Answers /echo with the request's own body, /a and /b with their name, and counts each. */
export const backendApp: App<HttpSettings> = {
  name: 'backend',
  settings: httpSettings,
  create: (_settings, _logger, lifecycle) =>
    programService({
      program: backend(),
      paths: BACKEND_PATHS,
      answers: { '/echo': echo, '/a': () => text(200, 'a'), '/b': () => text(200, 'b') },
      lifecycle,
    }),
};

/** No type that a browser would show: a client chose the body. */
function echo({ body }: HttpRequest) {
  return { status: 200, type: 'application/octet-stream', body };
}
