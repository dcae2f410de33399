import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import * as z from 'zod';

/** The longest a timer of this runtime can wait; a longer one fires at once. */
const LONGEST_TIMER_SECONDS = 2_147_483;

const text = z.string();
const timeout = z
  .int()
  .min(1)
  .max(LONGEST_TIMER_SECONDS, `longer than ${LONGEST_TIMER_SECONDS} s would end at once here`);
const common = {
  Comment: text.optional(),
  QueryLanguage: z.literal('JSONPath').optional(),
  Next: text.optional(),
  End: z.boolean().optional(),
};
const paths = { InputPath: text.nullish(), OutputPath: text.nullish() };
const errors = z.array(text).min(1);

const States = z.discriminatedUnion('Type', [
  z.strictObject({
    Type: z.literal('Task'),
    ...common,
    ...paths,
    Resource: text,
    Parameters: z.json().optional(),
    ResultSelector: z.json().optional(),
    ResultPath: text.nullish(),
    // Without one the local engine would end the task after 60 s, and AWS after 2,147,483.
    TimeoutSeconds: timeout,
    Retry: z
      .array(
        z.strictObject({
          ErrorEquals: errors,
          IntervalSeconds: z.int().min(1).optional(),
          MaxAttempts: z.int().min(0).optional(),
          BackoffRate: z.number().min(1).optional(),
          MaxDelaySeconds: z.int().min(1).optional(),
          JitterStrategy: z.enum(['NONE', 'FULL']).optional(),
        }),
      )
      .optional(),
    Catch: z.array(z.strictObject({ ErrorEquals: errors, Next: text, ResultPath: text.nullish() })).optional(),
  }),
  z.strictObject({
    Type: z.literal('Wait'),
    ...common,
    ...paths,
    // `wait-until.ts` reads the path itself, so it has to be a plain one.
    Seconds: timeout.optional(),
    TimestampPath: text.regex(/^\$(\.[A-Za-z_]\w*)+$/, 'only a plain path such as $.a.b can be read').optional(),
  }),
  z.strictObject({
    Type: z.literal('Choice'),
    ...common,
    ...paths,
    Choices: z.array(z.looseObject({ Next: text })),
    Default: text.optional(),
  }),
  z.strictObject({
    Type: z.literal('Pass'),
    ...common,
    ...paths,
    // The engine takes a falsy result for none.
    Result: z.json().refine(Boolean, 'an empty result is not supported').optional(),
    Parameters: z.json().optional(),
    ResultPath: text.nullish(),
  }),
  z.strictObject({ Type: z.literal('Succeed'), Comment: text.optional(), ...paths }),
  z.strictObject({
    Type: z.literal('Fail'),
    Comment: text.optional(),
    Error: text.optional(),
    Cause: text.optional(),
    ErrorPath: text.optional(),
    CausePath: text.optional(),
  }),
]);

export const Definition = z.strictObject({
  Comment: text.optional(),
  Version: text.optional(),
  QueryLanguage: z.literal('JSONPath').optional(),
  StartAt: text,
  TimeoutSeconds: timeout.optional(),
  States: z.record(text, States),
});
export type Definition = z.output<typeof Definition>;

const LAMBDA_INVOKE = 'arn:aws:states:::lambda:invoke';

/** What in a state machine's definition cannot be run faithfully: `States.Slice.TimeoutSeconds: why`. */
export function findDefinitionProblems(source: string, functionArns: ReadonlySet<string>): string[] {
  const definition: unknown = JSON.parse(source);
  const parsed = Definition.safeParse(definition);
  if (!parsed.success) return parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const invalid = findInvalid(definition);
  if (invalid) return [invalid];
  return Object.entries(parsed.data.States).flatMap(([name, state]) => [
    ...findExpressionProblems(state).map((problem) => `States.${name} ${problem}`),
    ...(state.Type === 'Task' && !functionArns.has(functionOf(state))
      ? [`States.${name}.Resource: ${state.Resource} is not an invocation of a function of this assembly`]
      : []),
  ]);
}

function findInvalid(definition: unknown): string | undefined {
  try {
    new StateMachine(definition as StateMachineDefinition, { validationOptions: { checkArn: false } });
    return undefined;
  } catch (error) {
    return `is no valid definition: ${(error as Error).message.replace(/\s*\n\s*/g, ' ')}`;
  }
}

type Task = Extract<Definition['States'][string], { Type: 'Task' }>;

/** The function that a task invokes: its resource, or the parameter of the Lambda integration. */
export function functionOf(task: Task): string {
  if (task.Resource !== LAMBDA_INVOKE) return task.Resource;
  const { FunctionName } = (task.Parameters ?? {}) as { readonly FunctionName?: string };
  return FunctionName ?? '';
}

/** Whether a task's input and output are wrapped as the Lambda integration does: `{Payload}`. */
export function isIntegration(task: Task): boolean {
  return task.Resource === LAMBDA_INVOKE;
}

/** Expressions that the engine would misread without a word. */
function findExpressionProblems(state: unknown): string[] {
  return [...strings(state)].flatMap(([key, value]) => {
    if (/^\$\$\.(?!Execution\.(Id|Name|Input|StartTime)\b)/.test(String(value)))
      return [`${value}: not in the local context object`];
    if (/^Is[A-Z]/.test(key) && value === false) return [`${key}: false is always false here; use Not`];
    return [];
  });
}

function* strings(value: unknown, key = ''): Generator<[string, unknown]> {
  if (typeof value !== 'object' || value === null) yield [key, value];
  else for (const [name, nested] of Object.entries(value)) yield* strings(nested, Array.isArray(value) ? key : name);
}
