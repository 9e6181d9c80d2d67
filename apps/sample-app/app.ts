import { hostname } from 'node:os';
import type { z } from 'zod';
import { COUNTED, sampleApp, SAMPLE_APP_PATH, SAMPLE_APP_PATHS } from '../../core/workloads/sample-app';
import { httpSettings, oneOf, programService, text, type App } from '../runtime';

const settings = httpSettings.extend({ COUNT: oneOf(COUNTED).default('app') });

/** Greets, and counts what it greets: a service whose load an autoscaler can follow. */
export const sampleAppApp: App<z.output<typeof settings>> = {
  name: 'sample-app',
  settings,
  create: ({ COUNT }, _logger, lifecycle) =>
    programService({
      program: sampleApp(COUNT),
      paths: SAMPLE_APP_PATHS,
      answers: {
        [SAMPLE_APP_PATH]: (_request, [served]) =>
          text(200, `This is ${hostname()}. Requests so far: ${served?.value ?? 0}.`),
      },
      lifecycle,
    }),
};
