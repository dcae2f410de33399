import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

/**
 * Where each sandbox of the functions shows that it lives, by type and hostname. It goes with what runs: of functions
 * that are no more there is nothing to tell.
 */
export class HeartbeatsTable extends Table {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      partitionKey: { name: 'type', type: AttributeType.STRING },
      sortKey: { name: 'hostname', type: AttributeType.STRING },
      timeToLiveAttribute: 'expires_at',
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'What it holds is out of date after three minutes: there is nothing to restore.',
    });
  }
}
