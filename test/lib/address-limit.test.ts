import { describe, expect, test } from '@jest/globals';
import { synthesize } from './synthesize.ts';

/** Of a stage with this limit, as text where it comes from the command line. */
function serviceWith(wafRequestsPer5Minutes: number | string | undefined) {
  const { service } = synthesize({
    stage: 'prod',
    ...(wafRequestsPer5Minutes !== undefined && { wafRequestsPer5Minutes }),
  });
  const filtered = service
    .ofType('AWS::ApiGateway::GatewayResponse')
    .find(({ Properties }) => Properties.ResponseType === 'WAF_FILTERED')?.Properties;
  const properties = (type: string) => service.ofType(type).map(({ Properties }) => Properties);
  return {
    service,
    filtered,
    acls: properties('AWS::WAFv2::WebACL'),
    links: properties('AWS::WAFv2::WebACLAssociation'),
  };
}

describe('without a limit, which is the default', () => {
  test.each([undefined, 0, '0'])('%j: there is no web ACL, and one of somebody else answers 403', (limit) => {
    const { acls, links, filtered } = serviceWith(limit);
    expect([acls, links]).toEqual([[], []]);
    expect(filtered?.StatusCode).toBe('403');
  });
});

describe('with a limit', () => {
  const { service, acls, links, filtered } = serviceWith('2000');

  test('an address that asks more often in five minutes is stopped, and nothing else is', () => {
    expect(acls).toMatchObject([
      {
        Scope: 'REGIONAL',
        DefaultAction: { Allow: {} },
        Rules: [
          {
            Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 2000, EvaluationWindowSec: 300 } },
            // Without a response of its own: the gateway's would never be seen.
            Action: { Block: {} },
          },
        ],
      },
    ]);
  });

  test('it stands before the stage of the API', () => {
    const [stage] = Object.entries(service.resources).filter(([, { Type }]) => Type === 'AWS::ApiGateway::Stage');
    const [acl] = Object.entries(service.resources).filter(([, { Type }]) => Type === 'AWS::WAFv2::WebACL');
    expect(links).toEqual([
      {
        WebACLArn: { 'Fn::GetAtt': [acl?.[0], 'Arn'] },
        ResourceArn: {
          'Fn::Join': [
            '',
            [
              'arn:',
              { Ref: 'AWS::Partition' },
              ':apigateway:',
              { Ref: 'AWS::Region' },
              '::/restapis/',
              stage?.[1].Properties.RestApiId,
              '/stages/',
              { Ref: stage?.[0] },
            ],
          ],
        },
      },
    ]);
  });

  test('the answer is a 429 in the shape of the contract, which names the request', () => {
    expect(filtered?.StatusCode).toBe('429');
    expect(JSON.parse(filtered?.ResponseTemplates['application/json'] ?? '')).toEqual({
      error: { code: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests from this address' },
      detail: 'Too many requests from this address',
      _meta: { request_id: 'req_$context.requestId' },
    });
  });

  test('no sample of a request is kept: keys travel in headers', () => {
    expect(JSON.stringify(acls).match(/"SampledRequestsEnabled":\w+/g)).toEqual(
      Array(2).fill('"SampledRequestsEnabled":false'),
    );
  });
});
