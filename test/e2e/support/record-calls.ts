import { createServer, request as forward, type IncomingHttpHeaders } from 'node:http';
import { type LoopbackServer, listenOnLoopback } from '../../../local/listen-on-loopback.ts';

/** What a function did, in the words of IAM: `dynamodb:GetItem`. */
type Record = (functionName: string, action: string) => void;

/** Actions that IAM calls otherwise than the service does. */
const permissionOf: Readonly<{ [action: string]: string }> = { 'sqs:SendMessageBatch': 'sqs:SendMessage' };

/** Stands before a service of AWS and tells which function did what; `urlOf` is asked at each call. */
export function recordCalls(service: string, urlOf: () => string, record: Record): Promise<LoopbackServer> {
  const server = createServer((incoming, response) => {
    const { method, headers, url = '/' } = incoming;
    const passed = forward(new URL(url, urlOf()), { method, headers }, (answer) => {
      const status = Number(answer.statusCode);
      for (const action of actionsOf(service, { method, url, headers, status })) record(functionOf(headers), action);
      response.writeHead(status, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    incoming.pipe(passed);
  });
  return listenOnLoopback(server, 0);
}

/** Functions name themselves to the services they call; Powertools adds its own name, after `-PT-`. */
function functionOf(headers: IncomingHttpHeaders): string {
  return / app\/(\S+?)(-PT-|\s|$)/.exec(` ${headers['user-agent']}`)?.[1] ?? 'nobody';
}

type Call = { readonly method?: string | undefined; url: string; headers: IncomingHttpHeaders; status: number };

function actionsOf(service: string, call: Call): string[] {
  if (service === 's3') return objectActionsOf(call);
  // Its actions are the methods of HTTP.
  if (service === 'apigateway') return [`apigateway:${call.method}`];
  if (service === 'scheduler') return [`scheduler:${call.method === 'GET' ? 'GetSchedule' : call.method}`];
  const action = `${service}:${String(call.headers['x-amz-target']).replace(/^.*\./, '')}`;
  return [permissionOf[action] ?? action];
}

function objectActionsOf({ method, url, status }: Call): string[] {
  const [, , key = ''] = new URL(url, 'http://s3').pathname.split('/');
  if (key === '') return ['s3:ListBucket'];
  if (method === 'PUT') return ['s3:PutObject'];
  // That an object is not there is told to those alone who may list the bucket.
  return status === 404 ? ['s3:GetObject', 's3:ListBucket'] : ['s3:GetObject'];
}
