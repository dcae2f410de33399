import { type HttpAnswer, type HttpService, startHttpService } from '../engine/http-service.ts';

/** An error as the service answers it. */
export class ServiceProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What an operation answers to the JSON it was sent. Throws `ServiceProblem`. */
export type AwsOperation = (input: unknown) => unknown | Promise<unknown>;

/** A service of AWS's JSON 1.1 protocol with these operations alone, each by its name in `X-Amz-Target`; on loopback. */
export function startAwsJsonService(
  operations: { readonly [name: string]: AwsOperation },
  log: (line: string) => void,
): Promise<HttpService> {
  const answer: HttpAnswer = async (request) => {
    const target =
      String(request.headers['x-amz-target'] ?? '')
        .split('.')
        .at(-1) ?? '';
    try {
      const operation = Object.hasOwn(operations, target) ? operations[target] : undefined;
      if (operation === undefined) throw new ServiceProblem(400, 'UnknownOperationException', `no operation ${target}`);
      return json(200, await operation(JSON.parse(request.body.toString('utf8'))));
    } catch (error) {
      const isExpected = error instanceof ServiceProblem;
      if (!isExpected || error.status >= 500) log(`${target}: ${String(error)}`);
      if (isExpected) return json(error.status, { __type: error.code, message: error.message });
      return json(500, { __type: 'InternalServiceError', message: 'the local engine failed' });
    }
  };
  return startHttpService(0, answer);
}

function json(status: number, body: unknown) {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}
