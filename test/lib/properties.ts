export type Reference = { readonly Ref: string };
export type Attribute = { readonly 'Fn::GetAtt': readonly [string, string] };

export type Statement = { readonly Action: string | readonly string[]; readonly Resource: unknown };
export type PolicyDocument = { readonly Statement: readonly Statement[] };

/** Of an alarm of CloudWatch, in the words of its reference. */
export type AlarmProperties = {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly unknown[];
  readonly OKActions: readonly unknown[];
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Statistic: 'Sum' | 'Maximum';
  readonly Threshold: number;
  readonly ComparisonOperator: 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold';
  readonly TreatMissingData: 'breaching' | 'notBreaching';
};

/** What tests read of resources of all types, as CloudFormation's reference has them; the others are just compared. */
export type Properties = AlarmProperties & {
  readonly KmsMasterKeyId: Attribute;
  readonly KeyPolicy: PolicyDocument;
  readonly EnableKeyRotation: boolean;
  readonly AlarmRule: { readonly 'Fn::Join': readonly [string, readonly unknown[]] };
  readonly DashboardBody: unknown;
  readonly FunctionName: string;
  readonly Timeout: number;
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
  readonly LoggingConfig: { readonly LogGroup: Reference };
  readonly Role: Attribute;
  readonly Roles: readonly Reference[];
  readonly PolicyDocument?: PolicyDocument;
  readonly Policies?: readonly { readonly PolicyDocument: PolicyDocument }[];

  readonly ApiKeySourceType: string;
  readonly RestApiId: Reference;
  readonly HttpMethod: string;
  readonly ResourceId: Reference;
  readonly Integration: { readonly Uri: unknown };
  readonly ParentId: Partial<Reference>;
  readonly PathPart: string;
  readonly ResponseType: string;
  readonly StatusCode: string;
  readonly ResponseParameters: Readonly<Record<string, string>>;
  readonly ResponseTemplates: Readonly<Record<'application/json', string>>;
  readonly AccessLogSetting: { readonly Format: string };

  readonly Value: string;
  readonly KeyId: Reference;
  readonly UsagePlanId: Reference;
  readonly UsagePlanName: string;
  readonly Throttle: unknown;

  readonly EventSourceArn: Attribute;
  readonly Queues: readonly Reference[];
  readonly VisibilityTimeout: number;
  readonly MessageRetentionPeriod: number;
  readonly RedrivePolicy: { readonly deadLetterTargetArn: Attribute; readonly maxReceiveCount: number };
  readonly SqsManagedSseEnabled: boolean;

  readonly RoleArn: Attribute;
  readonly DefinitionString: { readonly 'Fn::Join': readonly [string, readonly unknown[]] };
  readonly LoggingConfiguration: unknown;
  readonly TracingConfiguration: unknown;
  readonly ScheduleExpression: string;
  readonly State: string;
  readonly Target: {
    readonly Arn: Attribute;
    readonly RetryPolicy: unknown;
    readonly DeadLetterConfig: { readonly Arn: Attribute };
  };
  readonly EventPattern: { readonly detail: { readonly stateMachineArn: unknown } };
  readonly Targets: readonly { readonly Arn: Attribute }[];

  readonly KeySchema: readonly [{ readonly AttributeName: string }, ...unknown[]];
  readonly TimeToLiveSpecification: unknown;
  readonly GlobalSecondaryIndexes: readonly unknown[];
  readonly PointInTimeRecoverySpecification: { readonly PointInTimeRecoveryEnabled: boolean };
  readonly DeletionProtectionEnabled: boolean;
  readonly BillingMode: string;
  readonly SSESpecification: unknown;
};
