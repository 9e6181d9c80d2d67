export { apiEndpoint } from './api-endpoint';
export { ENCRYPT_SECRET_DATA, encryptSecretData } from './encrypt-secret-data';
export { plainSecrets } from './plain-secrets';
export { rbac } from './rbac';
export type { CheckedResource, Rule } from './rule';
export { services } from './services';
export { tags } from './tags';
