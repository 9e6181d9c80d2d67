import { hostname } from 'node:os';
import {
  sportsbookApi,
  sportsbookLabels,
  SPORTSBOOK_HEALTH,
  SPORTSBOOK_METRICS,
  SPORTSBOOK_PATH,
  SPORTSBOOK_PATHS,
  SPORTSBOOK_SUM,
} from '../../core/workloads/sportsbook-api';
import {
  httpSettings,
  programService,
  text,
  type App,
  type HttpReply,
  type HttpSettings,
  type Meter,
} from '../runtime';
import { RequestTimes } from './request-times';

const HEALTH_TYPE = 'application/vnd.spring-boot.actuator.v3+json';

/** An API that is measured as a Spring Boot service is. */
export const sportsbookApiApp: App<HttpSettings> = {
  name: 'sportsbook-api',
  settings: httpSettings,
  create: (_settings, _logger, lifecycle) =>
    programService({
      program: sportsbookApi(),
      paths: SPORTSBOOK_PATHS,
      answers: {
        [SPORTSBOOK_PATH]: () => text(200, `Hello from ${hostname()}`),
        [SPORTSBOOK_HEALTH.overall]: up,
        [SPORTSBOOK_HEALTH.live]: up,
        [SPORTSBOOK_HEALTH.ready]: () => (lifecycle.ready ? up() : health(503, 'OUT_OF_SERVICE')),
      },
      meter: meter(),
      lifecycle,
    }),
};

function up(): HttpReply {
  return health(200, 'UP');
}

function health(status: number, word: string): HttpReply {
  return { status, type: HEALTH_TYPE, body: JSON.stringify({ status: word }) };
}

function meter(): Meter {
  const times = new RequestTimes({ sum: SPORTSBOOK_SUM, longest: SPORTSBOOK_METRICS.series.longest.name });
  return {
    answered: (request, seconds) => times.record(sportsbookLabels(request), seconds, performance.now()),
    samples: () => times.samples(performance.now()),
  };
}
