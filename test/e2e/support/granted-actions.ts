import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Resource } from '../../lib/synthesize.ts';

/** `<function> <action>` of all that the templates allow, but for what the runtime does to write logs. */
export function grantedActions(assemblyDir: string): string[] {
  const templates = readdirSync(assemblyDir).filter((name) => name.endsWith('.template.json'));
  const resources = templates.flatMap((name): [string, Resource][] =>
    Object.entries(JSON.parse(readFileSync(path.join(assemblyDir, name), 'utf8')).Resources),
  );
  const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);
  const policiesOf = (role: string) => [
    ...(resources.find(([id]) => id === role)?.[1].Properties.Policies ?? []),
    ...ofType('AWS::IAM::Policy')
      .map(([, { Properties }]) => Properties)
      .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role)),
  ];
  return ofType('AWS::Lambda::Function').flatMap(([, { Properties }]) => {
    const name = Properties.FunctionName.replace('headgate-local-', '');
    const actions = policiesOf(Properties.Role['Fn::GetAtt'][0])
      .flatMap(({ PolicyDocument }) => PolicyDocument?.Statement ?? [])
      .flatMap(({ Action }) => Action);
    return [...new Set(actions)].filter((action) => !action.startsWith('logs:')).map((action) => `${name} ${action}`);
  });
}
