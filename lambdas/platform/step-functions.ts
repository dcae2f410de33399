import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  SFNServiceException,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { executionName, type SliceInput } from '../contracts/payloads.ts';
import { RetryableError } from '../domain/errors.ts';
import type { ExecutionRef, Executions } from '../domain/run/executions.ts';

/** All attempts together last 6 s and a little: what a stop that has waited for its drain has left of its time. */
const client = new SFNClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
});

/** Executions of the state machine that carries runs. */
export function executions(stateMachineArn: string): Executions {
  const arnOf = (ref: ExecutionRef) =>
    `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${executionName(inputOf(ref))}`;
  return {
    async start(ref) {
      const input = inputOf(ref);
      try {
        await client.send(
          new StartExecutionCommand({ stateMachineArn, name: executionName(input), input: JSON.stringify(input) }),
        );
      } catch (error) {
        // The same name may be started again while it runs; if it has ended since, it has done its work.
        if (error instanceof ExecutionAlreadyExists) return;
        throw new RetryableError('the state machine takes no execution', { cause: error });
      }
    },

    async stop(ref) {
      try {
        await client.send(new StopExecutionCommand({ executionArn: arnOf(ref), cause: 'Stopped by request' }));
        return 'stopped';
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return 'not-found';
        return error instanceof SFNServiceException && error.name === 'AccessDeniedException' ? 'denied' : 'failed';
      }
    },

    async describe(ref) {
      try {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn: arnOf(ref) }));
        return status === 'RUNNING' ? 'running' : 'ended';
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return 'not-found';
        throw new RetryableError('the state machine does not answer', { cause: error });
      }
    },
  };
}

/** A run's first input is made of its name alone, so that starting it twice is starting it once. */
function inputOf(ref: ExecutionRef): SliceInput {
  return { wrapper_id: ref.wrapperId, epoch: ref.epoch, handover: ref.handover, slices: 0 };
}
