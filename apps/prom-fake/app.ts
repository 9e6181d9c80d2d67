import { formatFixed } from '../../core/workloads/decimal';
import { promFake, PROM_FAKE_PATHS, PROM_FAKE_VALUE_PATH } from '../../core/workloads/prom-fake';
import type { Sample } from '../../core/workloads/program';
import {
  httpSettings,
  programService,
  text,
  type App,
  type HttpRequest,
  type HttpSettings,
} from '../runtime';

const SHOWN_CHARACTERS = 40;

/** Exports whatever number it was sent last, so that an autoscaler can be led by hand. */
export const promFakeApp: App<HttpSettings> = {
  name: 'prom-fake',
  settings: httpSettings,
  create: (_settings, _logger, lifecycle) =>
    programService({
      program: promFake(),
      paths: PROM_FAKE_PATHS,
      answers: { [PROM_FAKE_VALUE_PATH]: showValue },
      refusal: whyRefused,
      lifecycle,
    }),
};

function showValue(_request: HttpRequest, [sample]: readonly Sample[]) {
  return text(200, formatFixed(sample?.value ?? 0));
}

function whyRefused({ body }: HttpRequest): string {
  const given = body.subarray(0, SHOWN_CHARACTERS).toString();
  return `${JSON.stringify(given)} is not a number: send one like 10, -2.5, 1e3, Inf or NaN`;
}
