import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

/** One resource as the template has it; attributes that cannot be run are found by `load-model.ts`. */
export type TemplateResource = { readonly Type: string; readonly Properties?: unknown; readonly Condition?: string };

/** One synthesized stack: its template, and where each file asset lies on this disk, by object key. */
export type Stack = {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly outputs: ReadonlyMap<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>;
  readonly assets: ReadonlyMap<string, string>;
};

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z
        .looseObject({
          templateFile: z.string().optional(),
          stackName: z.string().optional(),
          file: z.string().optional(),
          parameters: z.record(z.string(), z.string()).optional(),
        })
        .optional(),
    }),
  ),
});

const AssetManifest = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

const Template = z.object({
  Parameters: z
    .record(z.string(), z.looseObject({ Default: z.union([z.string(), z.number()]).optional() }))
    .default({}),
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.unknown().optional(), Condition: z.string().optional() }),
  ),
  Outputs: z
    .record(z.string(), z.looseObject({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .default({}),
});

/** Reads the stacks of a cloud assembly directory (`cdk.out`), in the manifest's order. Throws when one is not readable. */
export function readAssembly(directory: string): Stack[] {
  const artifacts = Object.entries(Manifest.parse(readJson(directory, 'manifest.json')).artifacts);
  const assets = new Map<string, string>();
  for (const [, { type, properties }] of artifacts) {
    if (type === 'cdk:asset-manifest' && properties?.file) addAssets(directory, properties.file, assets);
  }
  return artifacts.flatMap(([id, { type, properties }]) => {
    if (type !== 'aws:cloudformation:stack' || !properties?.templateFile) return [];
    const template = Template.parse(readJson(directory, properties.templateFile));
    const defaults = Object.entries(template.Parameters).flatMap(([name, { Default }]): [string, string][] =>
      Default === undefined ? [] : [[name, String(Default)]],
    );
    return [
      {
        name: properties.stackName ?? id,
        parameters: new Map([...defaults, ...Object.entries(properties.parameters ?? {})]),
        resources: new Map(Object.entries(template.Resources)),
        outputs: new Map(Object.entries(template.Outputs)),
        assets,
      },
    ];
  });
}

function addAssets(directory: string, file: string, assets: Map<string, string>): void {
  const { files } = AssetManifest.parse(readJson(directory, file));
  for (const { source, destinations } of Object.values(files)) {
    for (const { objectKey } of Object.values(destinations))
      assets.set(objectKey, path.resolve(directory, source.path));
  }
}

function readJson(directory: string, file: string): unknown {
  return JSON.parse(readFileSync(path.join(directory, file), 'utf8'));
}
