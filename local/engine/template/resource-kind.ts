import type * as z from 'zod';

/**
 * How a resource type is read: the properties that are run, strictly, and those that are known to make no difference
 * here, each with the reason. Any other property makes the template refused.
 */
export type ResourceKind<Schema extends z.ZodType = z.ZodType> = {
  readonly properties: Schema;
  readonly withoutEffect: Readonly<Record<string, string>>;
};

export function resourceKind<Schema extends z.ZodType>(
  properties: Schema,
  withoutEffect: Readonly<Record<string, string>> = {},
): ResourceKind<Schema> {
  return { properties, withoutEffect };
}

export const iam = 'IAM is not evaluated; roles and policies are tested in the template';
export const label = 'a label for people';
export const logging = 'logs go to files of the data directory, and stay there';
export const encryption = 'data at rest is as safe as this disk';
export const tracing = 'there is no X-Ray here';
