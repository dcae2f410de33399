import * as z from 'zod';
import { formatProblem } from '../domain/mapping/format-problem.ts';
import { patternProblem } from '../domain/mapping/pattern-matcher.ts';
import { parseTemplate } from '../domain/mapping/template.ts';
import { timeZone } from '../domain/mapping/time-zone.ts';

const FieldType = z.enum(['string', 'number', 'integer', 'boolean', 'timestamp', 'json']);

/** A column, or a path into a record of an API such as `owner.login`. */
const field = z.string().min(1).max(1000);
/** `iso`, `epoch_s`, `epoch_ms`, or a pattern such as `dd.MM.yyyy HH:mm` (docs/wrappers.md, "Time formats"). */
const format = z.string().min(1).max(64).superRefine(checkedBy(formatProblem));
/** An IANA time zone, for local times without an offset. */
const zone = z.string().min(1).max(64).superRefine(checkedBy(zoneProblem));
const template = z.string().min(1).max(1000).superRefine(checkedBy(templateProblem));

const Field = z
  .strictObject({
    from: field.optional(),
    value: z.json().superRefine(checkedBy(constantProblem)).optional(),
    template: template.optional(),
    to: z.string().min(1).max(1000).optional(),
    match: z.string().min(1).max(1000).superRefine(checkedBy(patternProblem)).optional(),
    type: FieldType.optional(),
    format: format.optional(),
    zone: zone.optional(),
  })
  .superRefine(({ from, value, template, to, match, type, format, zone }, context) => {
    const ways = [from, value, template].filter((way) => way !== undefined).length;
    if (ways !== 1) refuse(context, [], 'needs exactly one of from, value and template');
    if (from === undefined && to === undefined) refuse(context, ['to'], 'is required without from');
    if (from === undefined && match !== undefined) refuse(context, ['match'], 'goes with from only');
    for (const [name, given] of Object.entries({ format, zone })) {
      if (given !== undefined && type !== 'timestamp') refuse(context, [name], 'goes with the type timestamp only');
    }
  })
  .transform((made) => ({ ...made, type: made.type ?? (made.value === undefined ? 'string' : 'json') }));

const Mapping = z.strictObject({
  fields: z.array(Field).min(1).superRefine(namedOnce).optional(),
  timestamp: z.strictObject({ from: field, format: format.default('iso'), zone: zone.optional() }).optional(),
  key: z.array(field).min(1).optional(),
});

/** Which fields a data point has, how they are typed, and what identifies it. */
export const MappingConfig = Mapping.superRefine(writtenInOneWay);
export type MappingConfig = z.output<typeof MappingConfig>;

function namedOnce(fields: readonly z.output<typeof Field>[], context: z.RefinementCtx): void {
  const taken = new Map<string | undefined, number>();
  for (const [index, { to, from }] of fields.entries()) {
    const name = to ?? from;
    const first = taken.get(name);
    if (first !== undefined) refuse(context, [index, 'to'], `"${name}" is already mapping.fields[${first}]`);
    else taken.set(name, index);
  }
}

/** Two readings of one column that differ would make two instants of one time. */
function writtenInOneWay({ fields = [], timestamp }: z.output<typeof Mapping>, context: z.RefinementCtx): void {
  for (const [index, field] of fields.entries()) {
    if (field.type !== 'timestamp' || field.match !== undefined || field.from !== timestamp?.from) continue;
    for (const name of ['format', 'zone'] as const) {
      const told = timestamp?.[name];
      if (field[name] === undefined || field[name] === told) continue;
      const other = told === undefined ? 'gives none' : `is ${JSON.stringify(told)}`;
      refuse(
        context,
        ['fields', index, name],
        `contradicts mapping.timestamp.${name} of the same column, which ${other}`,
      );
    }
  }
}

/** By now its last digits are lost already. */
function constantProblem(value: unknown): string | undefined {
  const isExact = typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value);
  return isExact ? undefined : 'is beyond 2^53: give it as text, and a type';
}

function zoneProblem(name: string): string | undefined {
  return timeZone(name) ? undefined : `"${name}" is not a time zone such as Europe/Berlin`;
}

function templateProblem(text: string): string | undefined {
  const parsed = parseTemplate(text);
  return 'problem' in parsed ? parsed.problem : undefined;
}

function checkedBy<Value>(problemOf: (value: Value) => string | undefined) {
  return (value: Value, context: z.RefinementCtx) => {
    const problem = problemOf(value);
    if (problem !== undefined) refuse(context, [], problem);
  };
}

function refuse(context: z.RefinementCtx, path: (string | number)[], message: string): void {
  context.addIssue({ code: 'custom', path, message });
}
