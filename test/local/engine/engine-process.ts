/** An engine in a process of its own, busy in a function: prints that function's process id, closes when told to. */
import { once } from 'node:events';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { clientSettings, startTestEngine, until } from './start-test-engine.ts';

const Resource = 'arn:aws:lambda:us-east-1:000000000000:function:work';
const States = { Work: { Type: 'Task', Resource, TimeoutSeconds: 60, End: true } };
const machine = {
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: { StateMachineName: 'runs', DefinitionString: JSON.stringify({ StartAt: 'Work', States }) },
};

const engine = await startTestEngine(
  { work: 'export const handler = () => new Promise((r) => setTimeout(r, 60000));' },
  { Runs: machine },
);
const sfn = new SFNClient(clientSettings(engine.sfnUrl));
await sfn.send(new StartExecutionCommand({ stateMachineArn: engine.model.stateMachines[0]?.arn }));
const busy = await until(() =>
  engine.functions
    .named('work')
    ?.sandboxes()
    .find((sandbox) => sandbox.busy),
);
console.log(busy.pid);
await once(process.stdin, 'data');
await engine.close();
sfn.destroy();
process.stdin.destroy();
