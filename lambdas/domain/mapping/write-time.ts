import { dayNames, monthNames } from './time-pattern.ts';

/** Writes an instant in UTC by a pattern that `timePattern` takes, so that it reads the same instant again. */
export function writeTime(pattern: string, ms: number): string {
  return pattern.replace(/'([^']*)'|([a-zA-Z])\2*/g, (token, literal: string | undefined) => {
    return literal ?? written(token, new Date(ms));
  });
}

function written(token: string, time: Date): string {
  const length = token.length;
  const number = (value: number) => (length === 1 ? String(value) : String(value).padStart(2, '0'));
  const hour = time.getUTCHours();
  switch (token[0]) {
    case 'y':
      return String(time.getUTCFullYear()).padStart(4, '0').slice(-length);
    case 'M':
      return length > 2 ? named(monthNames, time.getUTCMonth(), length) : number(time.getUTCMonth() + 1);
    case 'd':
      return number(time.getUTCDate());
    case 'E':
      // Sunday is 0 there, and the last name here.
      return named(dayNames, (time.getUTCDay() + 6) % 7, length);
    case 'H':
      return number(hour);
    case 'h':
      return number(hour % 12 || 12);
    case 'a':
      return hour < 12 ? 'AM' : 'PM';
    case 'm':
      return number(time.getUTCMinutes());
    case 's':
      return number(time.getUTCSeconds());
    case 'S':
      return String(time.getUTCMilliseconds()).padStart(3, '0').padEnd(9, '0').slice(0, length);
    case 'X':
      return 'Z';
    default:
      return token;
  }
}

/** Four letters of a pattern stand for the whole name, three for its beginning. */
function named(names: readonly string[], index: number, length: number): string {
  const name = names[index] ?? '';
  const text = name.slice(0, 1).toUpperCase() + name.slice(1);
  return length === 3 ? text.slice(0, 3) : text;
}
