import { followApiService } from '../chain';
import type { ApiService } from '../kube/kinds/core';
import { refOf, refText } from '../kube/object';
import type { Check } from './check';

export const apiServiceUnreachable: Check = {
  id: 'api-service-unreachable',
  title: 'Every APIService leads to a port of pods',
  severity: 'error',
  *run({ inventory }) {
    for (const apiService of inventory.apiServices) {
      if (!apiService.spec.service) continue;
      for (const { step, object, message, fix } of followApiService(apiService, inventory).problems) {
        // A Service without pods or with a port that leads nowhere is a finding of its own.
        if (step === 'workload' || object.kind === 'Service') continue;
        yield { object, message, fix };
      }
    }
  },
};

export const apiServiceOwnedTwice: Check = {
  id: 'api-service-owned-twice',
  title: 'Every API group has one server',
  severity: 'error',
  *run({ inventory }) {
    const owners = new Map<string, ApiService>();
    for (const apiService of inventory.apiServices) {
      const { group } = apiService.spec;
      const owner = owners.get(group);
      if (!owner) owners.set(group, apiService);
      else if (serverOf(owner) !== serverOf(apiService) || nameOf(owner) === nameOf(apiService)) {
        yield {
          object: refOf(apiService),
          message:
            nameOf(owner) === nameOf(apiService)
              ? `there are two objects ${refText(refOf(apiService))}, to ${serverOf(owner)} and ${serverOf(apiService)}: the later replaces the earlier`
              : `${group} is served by ${serverOf(apiService)} in this version and by ${serverOf(owner)} in ${owner.spec.version}`,
          fix: `let one Service serve all versions of ${group}, and remove the other APIService`,
        };
      }
    }
  },
};

export const apiServiceMisnamed: Check = {
  id: 'api-service-misnamed',
  title: 'An APIService is named version.group',
  severity: 'error',
  *run({ inventory }) {
    for (const apiService of inventory.apiServices) {
      const { group, version } = apiService.spec;
      if (nameOf(apiService) === `${version}.${group}`) continue;
      yield {
        object: refOf(apiService),
        message: `it is for version ${version} of ${group}, and its name has to say so`,
        fix: `set metadata.name to ${version}.${group}`,
      };
    }
  },
};

export const apiServiceTlsConflict: Check = {
  id: 'api-service-tls-conflict',
  title: 'An APIService has either a caBundle or insecureSkipTLSVerify',
  severity: 'error',
  *run({ inventory }) {
    for (const apiService of inventory.apiServices) {
      const { caBundle, insecureSkipTLSVerify } = apiService.spec;
      if (!insecureSkipTLSVerify || !caBundle) continue;
      yield {
        object: refOf(apiService),
        message: 'spec.caBundle and spec.insecureSkipTLSVerify exclude each other',
        fix: 'remove spec.insecureSkipTLSVerify',
      };
    }
  },
};

export const apiServiceInsecure: Check = {
  id: 'api-service-insecure',
  title: 'The API server verifies the certificates of aggregated APIs',
  severity: 'warning',
  ofOwnObjects: true,
  *run({ inventory }) {
    for (const apiService of inventory.apiServices) {
      const { caBundle, insecureSkipTLSVerify } = apiService.spec;
      if (!insecureSkipTLSVerify || caBundle) continue;
      yield {
        object: refOf(apiService),
        message: 'spec.insecureSkipTLSVerify lets anybody who answers at the Service serve the metrics',
        fix: 'remove spec.insecureSkipTLSVerify and have spec.caBundle set to the CA of the serving certificate',
      };
    }
  },
};

function nameOf({ metadata }: ApiService): string {
  return metadata.name;
}

function serverOf({ spec: { service } }: ApiService): string {
  return service ? `Service ${service.namespace}/${service.name}` : 'the API server itself';
}
