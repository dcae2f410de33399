import type { Config } from 'jest';

// Node strips the types itself, so Jest needs no transformer.
const config: Config = {
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/test/long/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out/', '<rootDir>/.headgate/'],
  testEnvironment: 'node',
};

export default config;
