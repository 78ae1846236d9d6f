import type { Config } from 'jest';

export default {
  testEnvironment: 'node',
  maxWorkers: '100%',
  // Nothing is timed by this: a machine that is busy with other things must not fail a test.
  testTimeout: 30_000,
  setupFilesAfterEnv: ['<rootDir>/tests/support/network.ts'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  testMatch: ['<rootDir>/tests/**/*.test.{ts,tsx}'],
  transform: { '\\.tsx?$': '<rootDir>/strip-types.jest.mjs' },
  coverageProvider: 'v8',
  coverageReporters: ['text-summary'],
  // The parts that decide what a clinician sees (npm test -- --coverage; CI runs it).
  collectCoverageFrom: [
    'src/{chart,guideline}/**/*.ts',
    // Types alone: nothing is left of them that could run.
    '!src/chart/settings.ts',
    '!src/guideline/{card,content,figure,guideline,recommendation}.ts',
    '!src/guideline/criteria/criterion.ts',
  ],
  coverageThreshold: {
    global: {},
    'src/chart/': { lines: 95, branches: 95 },
    'src/guideline/': { lines: 95, branches: 95 },
  },
} satisfies Config;
