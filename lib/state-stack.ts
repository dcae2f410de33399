import { CfnOutput, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** What must survive: wrappers with their checkpoints, feeds with their records, keys, uploaded files. Nothing in here runs. */
export class StateStack extends Stack {
  readonly wrappers: Table;
  readonly feeds: Table;
  readonly records: Table;
  readonly keys: Table;
  readonly files: Bucket;

  constructor(scope: Construct, settings: Settings) {
    super(scope, `headgate-${settings.stage}-state`, {
      stackName: `headgate-${settings.stage}-state`,
      description: 'Headgate: what must survive (wrappers, feeds, keys, files)',
      terminationProtection: settings.keepData,
    });
    this.wrappers = wrappersTable(this, settings);
    this.feeds = feedsTable(this, settings);
    this.records = recordsTable(this, settings);
    this.keys = keysTable(this, settings);
    this.files = filesBucket(this, settings);
    new CfnOutput(this, 'KeysTableName', { value: this.keys.tableName, description: 'Where API keys are recorded' });
    new CfnOutput(this, 'FilesBucketName', { value: this.files.bucketName, description: 'Where uploads are kept' });
  }
}

function wrappersTable(scope: Construct, settings: Settings): Table {
  const table = new Table(scope, 'Wrappers', {
    ...tableDefaults(settings),
    partitionKey: { name: 'wrapper_id', type: AttributeType.STRING },
    sortKey: { name: 'item', type: AttributeType.STRING },
    timeToLiveAttribute: 'expires_at',
  });
  // Sparse: only items that have the attribute are in the index, so the reconciler reads the runs, not the table.
  table.addGlobalSecondaryIndex({
    indexName: 'running',
    partitionKey: { name: 'running', type: AttributeType.STRING },
    sortKey: { name: 'wrapper_id', type: AttributeType.STRING },
    projectionType: ProjectionType.KEYS_ONLY,
  });
  table.addGlobalSecondaryIndex({
    indexName: 'listed',
    partitionKey: { name: 'listed', type: AttributeType.STRING },
    sortKey: { name: 'listed_key', type: AttributeType.STRING },
    projectionType: ProjectionType.KEYS_ONLY,
  });
  acknowledgeNoRecovery(table, settings);
  return table;
}

/**
 * What is known of each adapter, by kind: all of a kind come with one query, which is what the dispatcher asks each
 * minute. A partition takes 1,000 writes a second, and a kind has one for each adapter and poll.
 */
function feedsTable(scope: Construct, settings: Settings): Table {
  const table = new Table(scope, 'Feeds', {
    ...tableDefaults(settings),
    partitionKey: { name: 'part', type: AttributeType.STRING },
    sortKey: { name: 'adapter_id', type: AttributeType.STRING },
  });
  acknowledgeNoRecovery(table, settings);
  return table;
}

function recordsTable(scope: Construct, settings: Settings): Table {
  const table = new Table(scope, 'Records', {
    ...tableDefaults(settings),
    partitionKey: { name: 'adapter_id', type: AttributeType.STRING },
    sortKey: { name: 'record_id', type: AttributeType.STRING },
    timeToLiveAttribute: 'expires_at',
  });
  acknowledgeNoRecovery(table, settings);
  return table;
}

function keysTable(scope: Construct, settings: Settings): Table {
  const table = new Table(scope, 'Keys', {
    ...tableDefaults(settings),
    partitionKey: { name: 'key_id', type: AttributeType.STRING },
  });
  acknowledgeNoRecovery(table, settings);
  return table;
}

function tableDefaults(settings: Settings) {
  return {
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: settings.keepData },
    deletionProtection: settings.keepData,
    removalPolicy: removalPolicy(settings),
  };
}

function acknowledgeNoRecovery(table: Table, settings: Settings): void {
  if (settings.keepData) return;
  Validations.of(table).acknowledge({
    id: 'AwsSolutions-DDB3',
    reason: `Stage ${settings.stage} holds nothing worth paying to restore; stages that keep their data have recovery on.`,
  });
}

/**
 * Uploads under `uploads/<file id>`. No versioning: a file id is written once, and a run that finds other bytes than
 * it began with says so. No expiry either: a wrapper may read its file again in a year.
 */
function filesBucket(scope: Construct, settings: Settings): Bucket {
  const bucket = new Bucket(scope, 'Files', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    lifecycleRules: [{ id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy: removalPolicy(settings),
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Only two functions of this service and the addresses they sign reach the bucket, and each logs the file id it touches; ' +
      'where an audit wants more, CloudTrail data events give it without a second bucket.',
  });
  return bucket;
}

function removalPolicy(settings: Settings): RemovalPolicy {
  return settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
