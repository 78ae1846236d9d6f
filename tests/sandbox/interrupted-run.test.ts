import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type FhirServerProcess, startFhirServer } from '../support/fhir-server-process.ts';
import { type FhirProxy, isWrite, startFhirProxy } from './fhir-proxy.ts';
import { leftByRuns } from './left-by-runs.ts';
import { reportProblems } from './report-schema.ts';
import { endAll, sandbox, startSandbox, TOKEN } from './sandbox-process.ts';

jest.setTimeout(60_000);

let server: FhirServerProcess;
const proxies: FhirProxy[] = [];
beforeAll(async () => {
  server = await startFhirServer({ token: TOKEN });
});
afterEach(async () => {
  await endAll();
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
});
afterAll(() => server.stop());

async function proxied(options: Parameters<typeof startFhirProxy>[1]): Promise<FhirProxy> {
  const proxy = await startFhirProxy(server.base, options);
  proxies.push(proxy);
  return proxy;
}

const onServer = (tag?: string) => leftByRuns(server, tag);

describe('a run that is interrupted', () => {
  test('while the service starts ends with it, and has written nothing', async () => {
    const proxy = await proxied({});
    const run = startSandbox(['--fhir-server', proxy.base, '--patients', 'refuted']);
    const insisting = setInterval(() => {
      if (childrenOf(run.child.pid).length > 0) run.child.kill('SIGINT');
    }, 50);
    const { code, err } = await run.ended.finally(() => clearInterval(insisting));
    expect(code).toBe(130);
    expect(err).toBe('Interrupted.\nnothing was written\n');
    expect(proxy.seen.filter(isWrite)).toEqual([]);
  });

  test('between two calls deletes what it created, and exits with 130', async () => {
    let interrupt = () => {};
    const proxy = await proxied({
      instead: ({ path }) => {
        // Once: the search by tag of the clean-up would be a second interrupt, if it comes a second later.
        if (path.startsWith('Condition?')) interrupt();
        return undefined;
      },
    });
    const run = startSandbox(['--fhir-server', proxy.base, '--patients', 'metastatic-untreated,refuted']);
    interrupt = () => {
      interrupt = () => {};
      run.child.kill('SIGINT');
    };
    const { code, out, err } = await run.ended;
    expect({ code, out }).toEqual({ code: 130, out: '' });
    expect(err).toMatch(/Interrupted\.\ndeleted what was created: [1-9]\d* resources/);
    expect(await onServer()).toEqual([]);
  });

  test('while a patient is being created waits for the answer, so that it knows what to delete', async () => {
    let interrupt = () => {};
    const proxy = await proxied({
      instead: ({ method }) => {
        if (method === 'POST') interrupt();
        return undefined;
      },
    });
    const run = startSandbox(['--fhir-server', proxy.base, '--patients', 'refuted', '--json']);
    interrupt = () => {
      interrupt = () => {};
      run.child.kill('SIGTERM');
    };
    const { code, out } = await run.ended;
    expect(code).toBe(143);
    expect(reportProblems(JSON.parse(out))).toEqual([]);
    expect(JSON.parse(out)).toMatchObject({ stopped: { because: 'interrupted' }, cleanUp: { kind: 'deleted' } });
    expect(await onServer()).toEqual([]);
  });

  test('twice ends at once and says what to delete; --clean then does', async () => {
    let posts = 0;
    let interrupt = () => {};
    const proxy = await proxied({
      instead: ({ method }) => {
        posts += method === 'POST' ? 1 : 0;
        if (posts < 2) return undefined;
        interrupt();
        return 'hang';
      },
    });
    const run = startSandbox(['--fhir-server', proxy.base, '--patients', 'refuted']);
    let insisting: NodeJS.Timeout | undefined;
    interrupt = () => {
      insisting ??= setInterval(() => run.child.kill('SIGINT'), 200);
    };
    const { code, err } = await run.ended.finally(() => clearInterval(insisting));
    expect(code).toBe(130);
    const tag = /NOT CLEANED UP, tag (\S+)\./.exec(err)?.[1] ?? '';
    expect(await onServer(tag)).not.toEqual([]);
    expect((await sandbox(['--fhir-server', server.base, '--clean', tag])).code).toBe(0);
    expect(await onServer()).toEqual([]);
  });

  test('by the end of the service itself deletes what it created, and exits with 1', async () => {
    let end = () => {};
    const proxy = await proxied({
      instead: ({ path }) => {
        if (path.startsWith('Condition?')) end();
        return undefined;
      },
    });
    const run = startSandbox(['--fhir-server', proxy.base, '--patients', 'metastatic-untreated']);
    end = () => {
      for (const pid of childrenOf(run.child.pid)) process.kill(pid, 'SIGKILL');
    };
    const { code, out } = await run.ended;
    expect(code).toBe(1);
    expect(out).toContain('The service ended.');
    expect(await onServer()).toEqual([]);
  });
});

function childrenOf(pid: number | undefined): readonly number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child = 0, parent]) => (parent === pid && child > 0 ? [child] : []));
}
