import type * as z from 'zod';
import type { Stack, TemplateResource } from './assembly.ts';
import { ACCOUNT, type Identity, identify, namePropertyOf, REGION } from './identities.ts';
import { resolve, type Scope, UnresolvedError } from './intrinsics.ts';
import { apiKinds } from './kinds-api.ts';
import { computeKinds } from './kinds-compute.ts';
import { storageKinds } from './kinds-storage.ts';
import type { ResourceKind } from './resource-kind.ts';
import { typesWithoutEffect } from './types-without-effect.ts';

const kinds = { ...computeKinds, ...storageKinds, ...apiKinds };
type Kinds = typeof kinds;
type TypeName = keyof Kinds;

export type Resource<Type extends TypeName> = Identity & {
  readonly type: Type;
  readonly stack: Stack;
  readonly logicalId: string;
  readonly properties: z.output<Kinds[Type]['properties']>;
};

export type Resources = {
  /** All resources of a type, in template order. */
  of<Type extends TypeName>(type: Type): Resource<Type>[];
  readonly outputs: ReadonlyMap<string, string>;
  /** What stands in the way of a faithful run: `Type stack/LogicalId property: why`. Empty when nothing does. */
  readonly problems: readonly string[];
};

const RUNNABLE_ATTRIBUTES = new Set([
  'Type',
  'Properties',
  'DependsOn',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
]);

/** Resolves and parses every resource of every stack; what cannot be run is listed, never skipped. */
export function readResources(stacks: readonly Stack[]): Resources {
  const problems: string[] = [];
  const scopes = new Map(stacks.map((stack) => [stack, scopeOf(stack, stacks)]));
  const read: Resource<TypeName>[] = [];
  for (const stack of stacks) {
    for (const [logicalId, resource] of stack.resources) {
      if (typesWithoutEffect.has(resource.Type)) continue;
      const report = (why: string): void => {
        problems.push(`${resource.Type} ${stack.name}/${logicalId} ${why}`);
      };
      const properties = readOne(resource, scopes.get(stack) as Scope, report);
      if (properties === undefined) continue;
      const identity = identityOf(stack, logicalId, scopes.get(stack) as Scope) as Identity;
      read.push({ ...identity, type: resource.Type, stack, logicalId, properties } as Resource<TypeName>);
    }
  }
  return {
    of: <Type extends TypeName>(type: Type) =>
      read.filter((resource): resource is Resource<Type> => resource.type === type),
    outputs: readOutputs(stacks, scopes),
    problems,
  };
}

function readOne(resource: TemplateResource, scope: Scope, report: (why: string) => void): unknown {
  const kind: ResourceKind | undefined = Object.hasOwn(kinds, resource.Type)
    ? kinds[resource.Type as TypeName]
    : undefined;
  if (!kind) {
    report('this resource type cannot be run locally');
    return undefined;
  }
  const unknown = Object.keys(resource).filter((key) => !RUNNABLE_ATTRIBUTES.has(key));
  if (unknown.length > 0) report(`${unknown.join(', ')}: this attribute is not supported`);
  try {
    const relevant = Object.entries(resource.Properties ?? {}).filter(([name]) => !(name in kind.withoutEffect));
    const parsed = kind.properties.safeParse(resolve(Object.fromEntries(relevant), scope));
    for (const issue of parsed.error?.issues ?? []) report(`${issue.path.join('.') || 'Properties'}: ${issue.message}`);
    return parsed.data;
  } catch (error) {
    if (!(error instanceof UnresolvedError)) throw error;
    report(error.message);
    return undefined;
  }
}

function scopeOf(stack: Stack, stacks: readonly Stack[]): Scope {
  const pseudo: Record<string, string> = {
    'AWS::AccountId': ACCOUNT,
    'AWS::Region': REGION,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${stack.name}/local`,
  };
  const scope: Scope = {
    ref: (name) => pseudo[name] ?? stack.parameters.get(name) ?? identityOf(stack, name, scope)?.ref,
    attribute: (logicalId, name) => identityOf(stack, logicalId, scope)?.attributes[name],
    exported: (name) => findExport(name, stacks),
  };
  return scope;
}

function identityOf(stack: Stack, logicalId: string, scope: Scope): Identity | undefined {
  const resource = stack.resources.get(logicalId);
  if (!resource) return undefined;
  const property = namePropertyOf(resource.Type);
  const given = property && (resource.Properties as Record<string, unknown> | undefined)?.[property];
  const name = given === undefined || given === '' ? undefined : String(resolve(given, scope));
  return identify(resource.Type, stack.name, logicalId, name);
}

function findExport(name: string, stacks: readonly Stack[]): string | undefined {
  for (const stack of stacks) {
    const scope = scopeOf(stack, stacks);
    for (const output of stack.outputs.values()) {
      if (output.Export && resolve(output.Export.Name, scope) === name) return String(resolve(output.Value, scope));
    }
  }
  return undefined;
}

/** Outputs are for people; one that mentions something not simulated (a URL suffix, a dashboard) is left out. */
function readOutputs(stacks: readonly Stack[], scopes: ReadonlyMap<Stack, Scope>): Map<string, string> {
  const outputs = new Map<string, string>();
  for (const stack of stacks) {
    for (const [name, output] of stack.outputs) {
      try {
        outputs.set(name, String(resolve(output.Value, scopes.get(stack) as Scope)));
      } catch (error) {
        if (!(error instanceof UnresolvedError)) throw error;
      }
    }
  }
  return outputs;
}
