import { createServer } from 'node:net';

/**
 * Runs as a process of its own in the network namespace of a pod: listens there and hands the listening socket to its
 * parent, in which that namespace stays although the parent is in another one.
 */
const port = Number(process.argv[2]);
const server = createServer();
server.listen(port, '0.0.0.0', () => {
  // Whoever listens takes connections: from now on only the parent does.
  process.send?.('listening', server, undefined, () => process.exit(0));
});
