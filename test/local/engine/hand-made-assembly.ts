import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type HandMadeStack = {
  readonly Resources: Record<
    string,
    { readonly Type: string; readonly Properties?: object; readonly Condition?: string }
  >;
  readonly Outputs?: object;
  readonly Parameters?: object;
};

/**
 * Writes a cloud assembly as `cdk synth` lays it out.
 * @param functions the code of each function, an ES module that exports `handler`, by asset name
 */
export function writeAssembly(stacks: Record<string, HandMadeStack>, functions: Record<string, string> = {}): string {
  const directory = temporaryDirectory();
  const artifacts: Record<string, object> = {};
  for (const [name, code] of Object.entries(functions)) {
    mkdirSync(path.join(directory, `asset.${name}`));
    writeFileSync(path.join(directory, `asset.${name}`, 'index.mjs'), code);
  }
  const files = Object.keys(functions).map((name) => [
    name,
    {
      source: { path: `asset.${name}`, packaging: 'zip' },
      destinations: { here: { bucketName: 'assets', objectKey: `${name}.zip` } },
    },
  ]);
  writeFileSync(path.join(directory, 'all.assets.json'), JSON.stringify({ files: Object.fromEntries(files) }));
  artifacts['all.assets'] = { type: 'cdk:asset-manifest', properties: { file: 'all.assets.json' } };
  for (const [name, template] of Object.entries(stacks)) {
    writeFileSync(path.join(directory, `${name}.template.json`), JSON.stringify(template));
    artifacts[name] = { type: 'aws:cloudformation:stack', properties: { templateFile: `${name}.template.json` } };
  }
  writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify({ artifacts }));
  return directory;
}

const directories: string[] = [];

/** A directory that is gone when the test file, or the program outside of tests, has ended. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'headgate-engine-'));
  directories.push(directory);
  return directory;
}

const { afterAll } = globalThis as { afterAll?: (hook: () => void) => void };
const atEnd = afterAll ?? ((remove: () => void) => void process.once('exit', remove));
atEnd(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** A function resource whose code is the asset of that name. */
export function functionResource(asset: string, properties: object = {}): { Type: string; Properties: object } {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: asset,
      Code: { S3Bucket: 'assets', S3Key: `${asset}.zip` },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      ...properties,
    },
  };
}
