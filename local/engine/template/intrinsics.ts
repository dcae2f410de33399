/** What an expression of a template can refer to. A lookup answers undefined for what it does not know. */
export type Scope = {
  ref(name: string): string | undefined;
  attribute(logicalId: string, name: string): string | undefined;
  exported(name: string): string | undefined;
};

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

/** Something in a template that cannot be resolved; the message names it. */
export class UnresolvedError extends Error {
  override readonly name = 'UnresolvedError';
}

const intrinsics = new Map<string, Intrinsic>([
  ['Ref', (name, scope) => known(scope.ref(text(name, 'Ref')), `Ref ${String(name)}`)],
  ['Fn::GetAtt', getAttribute],
  ['Fn::Sub', substitute],
  ['Fn::Join', join],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::ImportValue', importValue],
]);

/** The value with every intrinsic function replaced by what it stands for; throws `UnresolvedError`. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const [first, ...others] = Object.entries(value);
  if (first && others.length === 0 && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
    const intrinsic = intrinsics.get(first[0]);
    if (!intrinsic) throw new UnresolvedError(`${first[0]} is not supported`);
    // `Ref: AWS::NoValue` resolves to undefined, and so removes the property or the list item it stands in.
    return isNoValue(first) ? undefined : intrinsic(first[1], scope);
  }
  const resolved = Object.entries(value).map(([key, item]): [string, unknown] => [key, resolve(item, scope)]);
  return Object.fromEntries(resolved.filter(([, item]) => item !== undefined));
}

function isNoValue([name, argument]: [string, unknown]): boolean {
  return name === 'Ref' && argument === 'AWS::NoValue';
}

function getAttribute(argument: unknown, scope: Scope): string {
  const [id, ...rest] = Array.isArray(argument) ? argument.map(String) : text(argument, 'Fn::GetAtt').split('.');
  const name = rest.join('.');
  return known(id === undefined ? undefined : scope.attribute(id, name), `Fn::GetAtt ${id}.${name}`);
}

function substitute(argument: unknown, scope: Scope): string {
  const [template, own] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = new Map(Object.entries(resolve(own, scope) as Record<string, unknown>));
  return text(template, 'Fn::Sub').replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (variables.has(name)) return String(variables.get(name));
    const found = name.includes('.') ? getAttribute(name, scope) : scope.ref(name);
    return known(found, `Fn::Sub \${${name}}`);
  });
}

function join(argument: unknown, scope: Scope): string {
  const [separator, items] = list(argument, 'Fn::Join');
  return list(resolve(items, scope), 'Fn::Join').join(text(separator, 'Fn::Join'));
}

function select(argument: unknown, scope: Scope): unknown {
  const [index, items] = list(resolve(argument, scope), 'Fn::Select');
  return known(list(items, 'Fn::Select')[Number(index)], `Fn::Select ${String(index)}`);
}

function split(argument: unknown, scope: Scope): string[] {
  const [separator, source] = list(argument, 'Fn::Split');
  return text(resolve(source, scope), 'Fn::Split').split(text(separator, 'Fn::Split'));
}

function importValue(argument: unknown, scope: Scope): string {
  const name = text(resolve(argument, scope), 'Fn::ImportValue');
  return known(scope.exported(name), `Fn::ImportValue ${name}`);
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new UnresolvedError(`${what} refers to nothing that is known here`);
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new UnresolvedError(`${where} needs text`);
  return value;
}

function list(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw new UnresolvedError(`${where} needs a list`);
  return value;
}
