import * as z from 'zod';
import { type EnvironmentOf, environments, type FunctionName } from '../contracts/environments.ts';

/** Reads a function's environment, once, at cold start: only this file touches `process.env`. */
export function readEnv<Name extends FunctionName>(name: Name): EnvironmentOf<Name> {
  const schema: z.ZodType = environments[name];
  const parsed = schema.safeParse(process.env);
  if (!parsed.success) throw new Error(`environment of ${name}: ${z.prettifyError(parsed.error)}`);
  return parsed.data as EnvironmentOf<Name>;
}

/** Which deployment a function is of, `headgate-<stage>`: every function is told, and metrics are counted by it. */
export function deployment(): string {
  return process.env.DEPLOYMENT ?? 'headgate-unknown';
}

/** Where functions show that they live; undefined where they do not. */
export function heartbeatsTable(): string | undefined {
  return process.env.HEARTBEATS_TABLE;
}

/** What Lambda tells a function of itself. */
export function sandboxEnv(): { readonly functionName: string; readonly memoryMegabytes: number } {
  const { AWS_LAMBDA_FUNCTION_NAME = 'unknown', AWS_LAMBDA_FUNCTION_MEMORY_SIZE } = process.env;
  return { functionName: AWS_LAMBDA_FUNCTION_NAME, memoryMegabytes: Number(AWS_LAMBDA_FUNCTION_MEMORY_SIZE) };
}
