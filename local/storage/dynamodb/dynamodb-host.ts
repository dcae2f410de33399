import { parentPort, workerData } from 'node:worker_threads';
import { listenOnLoopback } from '../../listen-on-loopback.ts';
import { dynamodbServer } from './dynamodb-server.ts';

/** The thread that `startDynamodb` starts: says where it listens, and ends at the first message that it gets. */
const { path, port: wanted }: { readonly path: string; readonly port: number } = workerData;
const { url, port, close } = await listenOnLoopback(dynamodbServer(path), wanted);
parentPort?.once('message', close);
parentPort?.postMessage({ url, port });
