import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

/** A table as a template describes it. */
export type TableSpec = {
  readonly name: string;
  readonly AttributeDefinitions: CreateTableCommandInput['AttributeDefinitions'];
  readonly KeySchema: CreateTableCommandInput['KeySchema'];
  readonly GlobalSecondaryIndexes?: CreateTableCommandInput['GlobalSecondaryIndexes'];
  readonly TimeToLiveSpecification?: { readonly AttributeName: string; readonly Enabled: boolean } | undefined;
};

/** Creates the table unless an earlier start did; fails when the one on disk has other keys. */
export async function ensureTable(client: DynamoDBClient, spec: TableSpec): Promise<void> {
  const present = await describe(client, spec.name);
  if (present === undefined) {
    const { name, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = spec;
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions,
        KeySchema,
        ...(GlobalSecondaryIndexes !== undefined && { GlobalSecondaryIndexes }),
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.2 }, { TableName: name });
  } else if (keysOf(present) !== keysOf(spec)) {
    throw new Error(
      `Table ${spec.name} was made by another version, with other keys or indexes. Move or delete the data directory.`,
    );
  }
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** All that can't be changed in place, in one comparable text. */
function keysOf(
  table: Pick<TableDescription, 'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes'>,
): string {
  const types = new Map(table.AttributeDefinitions?.map((found) => [found.AttributeName, found.AttributeType]));
  const keys = (schema: TableDescription['KeySchema']) =>
    schema?.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName} ${types.get(AttributeName)}`);
  const indexes = table.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => [
    IndexName,
    keys(KeySchema),
    Projection?.ProjectionType,
    [...(Projection?.NonKeyAttributes ?? [])].sort(),
  ]);
  return JSON.stringify([keys(table.KeySchema), indexes?.map((index) => JSON.stringify(index)).sort() ?? []]);
}
