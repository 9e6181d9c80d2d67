/** Certificates that the adapter serves: from files, self-signed, or looked after in a Secret. */
export { CertificateFiles, type FileCertificates, type NamedPaths } from './certificate-files';
export { type KeyPair } from './issue';
export { ManagedCertificate } from './managed-certificate';
export { selfSignedCertificate, temporaryCertificate } from './self-signed';
export { managedSettings } from './managed-settings';
