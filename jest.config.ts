import type { Config } from 'jest';

export default {
  testEnvironment: 'node',
  maxWorkers: '100%',
  setupFilesAfterEnv: ['<rootDir>/tests/support/network.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  collectCoverageFrom: ['src/**/*.ts'],
  transform: { '\\.ts$': '<rootDir>/strip-types.jest.mjs' },
} satisfies Config;
