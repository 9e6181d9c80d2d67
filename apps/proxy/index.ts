/** Proxies of HTTP that the environment names: which one a URL has, and connections through it. */
export { connectionProblem } from './connection-problem';
export { proxyFromEnvironment, proxyVariable, type Proxies, type Proxy } from './environment';
export { forwarded } from './forward';
export { TunnelAgent, type TunnelRequest } from './tunnel';
