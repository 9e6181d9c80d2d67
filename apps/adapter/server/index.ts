/** The TLS server of the adapter: protocols, limits, and the way of a request to its handler. */
export { AdapterHttpServer, type AnsweredRequest, type Http2Mode } from './adapter-http-server';
export { type ApiCall, type ApiHandler, type ApiReply, type RoutedRequest } from './call';
export { DEFAULT_LIMITS, type ServerLimits } from './limits';
export { type ServingMaterial } from './serving-certificates';
export { tlsPolicy } from './tls-policy';
