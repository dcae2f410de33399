/** An engine in a process of its own, busy in a function: prints that function's process id, closes when told to. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { temporaryDirectory } from './hand-made-assembly.ts';
import { clientSettings, startTestEngine, until } from './start-test-engine.ts';

const Resource = 'arn:aws:lambda:us-east-1:000000000000:function:work';
const States = { Work: { Type: 'Task', Resource, TimeoutSeconds: 60, End: true } };
const machine = {
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: { StateMachineName: 'runs', DefinitionString: JSON.stringify({ StartAt: 'Work', States }) },
};

const started = path.join(temporaryDirectory(), 'started');
const work = `import { writeFileSync } from 'node:fs';
  export const handler = () => { writeFileSync(${JSON.stringify(started)}, String(process.pid)); return new Promise((resolve) => setTimeout(resolve, 60000)); };`;
const engine = await startTestEngine({ work }, { Runs: machine });
const sfn = new SFNClient(clientSettings(engine.sfnUrl));
await sfn.send(new StartExecutionCommand({ stateMachineArn: engine.model.stateMachines[0]?.arn }));
console.log(await until(() => existsSync(started) && readFileSync(started, 'utf8')));
await once(process.stdin, 'data');
await engine.close();
sfn.destroy();
process.stdin.destroy();
