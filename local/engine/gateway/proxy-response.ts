import * as z from 'zod';
import type { Outcome } from '../functions/outcome.ts';
import type { HttpResponse } from '../http-service.ts';
import { GatewayError } from './gateway-responses.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const ProxyResponse = z.strictObject({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(scalar)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** What the function answered; a failed function, or an answer not in the proxy format, is a 502. */
export function proxyResponse(outcome: Outcome, requestId: string): HttpResponse {
  const parsed = ProxyResponse.safeParse(outcome.kind === 'returned' ? outcome.payload : undefined);
  if (!parsed.success) throw new GatewayError('DEFAULT_5XX');
  const { statusCode, headers, multiValueHeaders, body } = parsed.data;
  // Of a header in both maps, the list wins. Without binary media types a base64 body is sent as the text it is.
  return {
    status: statusCode,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      ...lowerCased(headers ?? {}),
      ...lowerCased(multiValueHeaders ?? {}),
    },
    body: body ?? '',
  };
}

function lowerCased<T>(headers: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
