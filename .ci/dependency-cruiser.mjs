// The import rules of the house. Paths are relative to the repository; a package resolves to node_modules/<name>/…
const CORE = ['core'];
const PACKAGE = ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];
const PURE = '^src/(chart|guideline)/';
// log.ts holds the request logger, a middleware. The demo EHR's servers and pages are services of their own.
const HTTP_EDGE = [
  '^src/log\\.ts$',
  '^src/app\\.ts$',
  '^src/server\\.ts$',
  '^src/http/',
  '^src/pages/',
  '^src/demo\\.ts$',
  '^src/ehr-demo/(demo\\.ts$|(authorization-server|fhir-server|web)/)',
];

/** One rule, always an error. */
function forbid(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to };
}

export const RULES = [
  forbid('no-cycles', 'a cycle cannot be read from any end', {}, { circular: true }),
  forbid('no-unresolved', 'an import that resolves to nothing escapes every other rule', {}, { couldNotResolve: true }),
  forbid('pure-no-node', 'chart/ and guideline/ run in the browser too', { path: PURE }, { dependencyTypes: CORE }),
  forbid(
    'pure-few-packages',
    'chart/ and guideline/ use ajv, liquidjs and yaml, and of others the types alone',
    { path: PURE },
    {
      dependencyTypes: PACKAGE,
      dependencyTypesNot: ['type-only'],
      pathNot: 'node_modules/(ajv|ajv-formats|liquidjs|yaml)/',
    },
  ),
  forbid(
    'chart-alone',
    'chart/ knows of nothing but itself',
    { path: '^src/chart/' },
    { path: '^src/', pathNot: '^src/chart/' },
  ),
  forbid(
    'guideline-on-chart',
    'guideline/ knows of chart/ and itself',
    { path: '^src/guideline/' },
    { path: '^src/', pathNot: PURE },
  ),
  forbid(
    'protocol-without-asps',
    'cds-hooks/ is the protocol and knows nothing of ASPS',
    { path: '^src/cds-hooks/' },
    { path: '^src/(chart|guideline|fhir)/' },
  ),
  forbid(
    'express-at-the-edge',
    'HTTP stays in the app, the server, its log, the steps in http/, the pages, and the servers and pages of the demo EHR',
    { path: '^src/', pathNot: HTTP_EDGE },
    { path: 'node_modules/(@types/)?express/' },
  ),
  forbid(
    'jose-in-authentication',
    'one folder judges JWTs; the demo EHR is a client, and signs its own',
    { path: '^src/', pathNot: '^src/(cds-hooks/authentication|ehr-demo)/' },
    { path: 'node_modules/jose/' },
  ),
  forbid(
    'feedback-on-protocol',
    'feedback/ keeps what the protocol delivers, and knows nothing of ASPS',
    { path: '^src/feedback/' },
    { path: '^src/', pathNot: '^src/(feedback|cds-hooks|terminal)/' },
  ),
  forbid(
    'database-in-feedback',
    'feedback/ alone knows that there is a database, and of what kind',
    { path: '^src/', pathNot: '^src/feedback/' },
    { path: 'node_modules/(@types/)?(kysely|pg)/' },
  ),
  forbid(
    'plots-alone',
    'plots/ draws numbers and words, whatever they are of; d3 is used there and for the timeline of the SMART app',
    { path: '^src/plots/' },
    { path: '^src/', pathNot: '^src/plots/' },
  ),
  forbid(
    'backtest-on-guideline',
    'the backtest reads exports by the code that reads calls; no protocol, no HTTP, no store',
    { path: '^src/backtest/' },
    {
      path: '^src/',
      pathNot:
        '^src/(backtest|chart|guideline|fhir|plots|terminal)/|^src/ehr-demo/(prefetch|hook-request|token-search)\\.ts$|^src/pages/template-engine\\.ts$|^src/(guideline-folder|guidelines)\\.ts$',
    },
  ),
  forbid(
    'insights-demo-on-store',
    'the demo of the insights fills a store as the service does, and starts the service as a process',
    { path: '^src/insights-demo/' },
    {
      path: '^src/',
      pathNot:
        '^src/(insights-demo|feedback|guideline|terminal)/|^src/(cds-hooks/feedback|guidelines|guideline-folder|services)\\.ts$',
    },
  ),
  forbid(
    'insights-demo-apart',
    'the service does not need the demo of the insights',
    { path: '^src/', pathNot: '^src/insights-demo/' },
    { path: '^src/insights-demo/' },
  ),
  forbid(
    'backtest-apart',
    'the service does not need the backtest',
    { path: '^src/', pathNot: '^src/backtest/' },
    { path: '^src/backtest/' },
  ),
  forbid(
    'terminal-alone',
    'what commands show on a terminal, whatever they are for',
    { path: '^src/terminal/' },
    { path: '^src/', pathNot: '^src/terminal/' },
  ),
  forbid(
    'fhirclient-in-fhir',
    'one folder talks to FHIR servers, and the session of the SMART app in the browser',
    { path: '^src/', pathNot: '^src/(fhir|smart-app/session)/' },
    { path: 'node_modules/fhirclient/' },
  ),
  forbid(
    'prom-client-in-metrics',
    'one module knows how figures are told; the others say what happened',
    { path: '^src/', pathNot: '^src/metrics\\.ts$' },
    { path: 'node_modules/prom-client/' },
  ),
  forbid(
    'fhir-without-metrics',
    'fhir/ tells of its traffic to whoever listens',
    { path: '^src/fhir/' },
    { path: '^src/metrics\\.ts$' },
  ),
  forbid(
    'configuration-in-main',
    'main.ts reads the configuration and hands its parts out; types may travel',
    { path: '^src/', pathNot: '^src/(main\\.ts$|config\\.ts$|config/)' },
    { path: '^src/config(\\.ts$|/)', dependencyTypesNot: ['type-only'] },
  ),
  forbid('main-is-the-root', 'nothing imports the composition root', {}, { path: '^src/main\\.ts$' }),
  forbid(
    'no-tests-in-src',
    'what runs in production does not need the tests',
    { path: '^src/' },
    { path: '^(tests|bench|fuzz)/' },
  ),
  forbid(
    'cli-on-guideline-and-demo',
    'the command for whoever owns the guideline reads cards and synthetic patients; no protocol, no HTTP',
    { path: '^src/guideline-cli/' },
    {
      path: '^src/',
      pathNot: '^src/(guideline-cli|guideline|chart|fhir|ehr-demo|terminal)/|^src/(guideline-folder|services)\\.ts$',
    },
  ),
  forbid(
    'cli-apart',
    'the service does not need the command',
    { path: '^src/', pathNot: '^src/guideline-cli/' },
    { path: '^src/guideline-cli/' },
  ),
  forbid(
    'demo-apart',
    'the demo EHR stands on the other side of the wire',
    { path: '^src/ehr-demo/' },
    { path: '^src/(chart|guideline|fhir)/' },
  ),
  forbid(
    'demo-on-request',
    'the service serves the demo EHR without reading it: of it, it knows how it is registered',
    { path: '^src/', pathNot: '^src/(ehr-demo|sandbox|guideline-cli|backtest)/' },
    { path: '^src/ehr-demo/', pathNot: '^src/ehr-demo/(addresses|registration|demo)\\.ts$' },
  ),
  forbid(
    'oidc-provider-in-authorization-server',
    "the demo EHR's authorization server alone knows what it is made of",
    { path: '^src/', pathNot: '^src/ehr-demo/authorization-server/' },
    { path: 'node_modules/oidc-provider/' },
  ),
  forbid(
    'medplum-in-demo',
    "the demo EHR's FHIR server alone knows what it is made of",
    { path: '^src/', pathNot: '^src/ehr-demo/fhir-server/' },
    { path: 'node_modules/@medplum/' },
  ),
  forbid(
    'smart-app-no-node',
    'the SMART app runs in browsers; that what it takes of other folders does too, its bundle shows',
    { path: '^src/smart-app/' },
    { dependencyTypes: CORE },
  ),
  forbid(
    'smart-app-few-packages',
    'the SMART app is small: of packages it bundles preact and d3-time; fhirclient comes as a script of its own',
    { path: '^src/smart-app/' },
    { dependencyTypes: PACKAGE, dependencyTypesNot: ['type-only'], pathNot: 'node_modules/(preact|d3-time)/' },
  ),
  forbid(
    'smart-app-on-chart-and-guideline',
    'the SMART app reads charts as the service does, and takes from it what a browser can run',
    { path: '^src/smart-app/' },
    {
      path: '^src/',
      pathNot:
        '^src/(smart-app|chart|guideline|markdown)/|^src/fhir/|^src/cds-hooks/(prefetch|json|smart-scopes)\\.ts$',
    },
  ),
  forbid(
    'smart-app-apart',
    'the service bundles the SMART app without reading it',
    { path: '^src/', pathNot: '^src/smart-app/' },
    { path: '^src/smart-app/' },
  ),
  forbid(
    'markdown-alone',
    'what a card detail says as blocks, for whoever shows it',
    { path: '^src/markdown/' },
    { path: '^src/', pathNot: '^src/markdown/' },
  ),
  forbid(
    'sandbox-outside',
    'the sandbox run starts the service and judges it from outside: of src/ it takes the demo EHR, JSON and what a base URL is',
    { path: '^src/sandbox/' },
    { path: '^src/', pathNot: '^src/(sandbox|ehr-demo|terminal)/|^src/(cds-hooks/json|fhir/server-base)\\.ts$' },
  ),
  forbid(
    'sandbox-apart',
    'the service does not need the sandbox run',
    { path: '^src/', pathNot: '^src/sandbox/' },
    { path: '^src/sandbox/' },
  ),
];

/** TypeScript 7 has no API to parse with: without swc, dependency-cruiser finds no module and calls that success. */
export const OPTIONS = {
  parser: 'swc',
  tsPreCompilationDeps: true,
  tsConfig: { fileName: 'tsconfig.json' },
  enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  doNotFollow: { path: 'node_modules' },
  validate: true,
  ruleSet: { forbidden: RULES },
};
