import { type CompiledCall, compileCall } from './template-functions.ts';

/** A field's value, passed through functions in turn. */
export type TemplateField = { readonly field: string; readonly calls: readonly CompiledCall[] };

/** Literal text and fields, in order. */
export type Template = readonly (string | TemplateField)[];

const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
const piece = new RegExp(String.raw`(?<text>[^{}]+)|(?<brace>\{\{|\}\})|\{(?<inside>(?:${quoted}|[^"{}])*)\}`, 'y');
const call = new RegExp(String.raw`^(?<name>[a-z_]+)(?:\((?<args>(?:${quoted}|[^"()])*)\))?$`);

/**
 * Reads a template such as `{station}-{observed_at|date}`: fields in braces, each followed by functions
 * (`templateFunctions`) with their arguments in brackets, `{code|default("none")|pad(6, 0)}`. Names and arguments with
 * other than plain characters go in double quotes; `{{` and `}}` are braces. What can't be read gives the reason.
 */
export function parseTemplate(text: string): Template | { readonly problem: string } {
  const parts: (string | TemplateField)[] = [];
  piece.lastIndex = 0;
  while (piece.lastIndex < text.length) {
    const at = piece.lastIndex;
    const groups = piece.exec(text)?.groups;
    if (groups === undefined) return { problem: `can't be read from "${text.slice(at, at + 20)}" on` };
    const part = groups.inside === undefined ? (groups.text ?? groups.brace?.slice(1) ?? '') : fieldOf(groups.inside);
    if (typeof part === 'object' && 'problem' in part) return part;
    parts.push(part);
  }
  return parts;
}

function fieldOf(inside: string): TemplateField | { readonly problem: string } {
  const [name = '', ...steps] = split(inside, '|');
  const field = plain(name);
  if (field === '') return { problem: `{${inside}} names no field` };
  const calls: CompiledCall[] = [];
  for (const text of steps) {
    const groups = call.exec(text)?.groups;
    if (groups === undefined) return { problem: `"${text}" is not a function` };
    const { name: called = '', args } = groups;
    const made = compileCall(called, args === undefined ? [] : split(args, ',').map(plain));
    if ('problem' in made) return made;
    calls.push(made);
  }
  return { field, calls };
}

/** Splits outside of quotes, and trims. */
function split(text: string, mark: string): string[] {
  const pieces = text.match(new RegExp(`${quoted}|\\${mark}|[^"${mark}]+`, 'g')) ?? [];
  const parts = [''];
  for (const part of pieces) {
    if (part === mark) parts.push('');
    else parts.push(`${parts.pop()}${part}`);
  }
  return parts.map((part) => part.trim());
}

/** Without its quotes, if it has any. */
function plain(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
