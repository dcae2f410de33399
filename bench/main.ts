import { throughTheStack } from './through-the-stack.ts';

await throughTheStack();
