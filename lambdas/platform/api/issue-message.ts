import type * as z from 'zod';

type Bound = z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig;

/** What is wrong with a field, in words for the one who wrote it; a schema's own words go first. */
export function issueMessage(issue: z.core.$ZodIssue): string {
  if (!isDefault(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${nounOf(issue.expected)}`;
    case 'invalid_key':
      return `has a name that ${issue.issues[0]?.message ?? 'is not allowed'}`;
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_union':
      return 'options' in issue ? oneOf(issue.options as readonly unknown[]) : anyOf(issue.errors);
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'must not be empty'
        : `must ${boundOf(issue, 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${boundOf(issue, 'at most', issue.maximum)}`;
    case 'invalid_format':
      return issue.format === 'url'
        ? 'must be an address such as https://example.com/data'
        : `must be a ${issue.format}`;
    default:
      return issue.message;
  }
}

function nounOf(expected: string): string {
  if (expected === 'int') return 'a whole number';
  return `${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`;
}

function isDefault(message: string): boolean {
  return /^(Invalid|Too|Unrecognized) /.test(message);
}

function oneOf(values: readonly unknown[]): string {
  return `must be one of ${values.map((value) => JSON.stringify(value)).join(', ')}`;
}

/** What would be right by each of the ways to write a field. */
function anyOf(ways: readonly (readonly z.core.$ZodIssue[])[]): string {
  return [...new Set(ways.flatMap((issues) => issues.slice(0, 1).map(issueMessage)))].join(', or ');
}

function boundOf({ origin }: Bound, bound: string, limit: number | bigint): string {
  if (origin === 'string') return `have ${bound} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `have ${bound} ${limit} items`;
  return `be ${bound} ${limit}`;
}
