import type { Config } from 'jest';

// Node strips the types itself, so Jest needs no transformer.
const config: Config = {
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/test/long/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out/', '<rootDir>/.headgate/'],
  testEnvironment: 'node',
  // End-to-end files wait more than they compute: one worker to a core, not Jest's one fewer.
  maxWorkers: '100%',
  // A limit for what hangs, with room for a busy machine; what takes longer by nature says so itself.
  testTimeout: 20_000,
};

export default config;
