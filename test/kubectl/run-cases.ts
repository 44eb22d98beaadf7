import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { formatKubeconfig } from '#edge/api';
import { findPeer, peer } from '../peers/peer.ts';
import { startTestServer } from '../server/server-fixture.ts';
import type { TestServer } from '../server/server-fixture.ts';
import { findProblem, parseCase } from './parse-case.ts';
import type { Step } from './parse-case.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const caseFiles = readdirSync(join(here, 'cases')).filter((name) => name.endsWith('.txt'));

/** A folder with the manifests, a `kubectl` of the wanted version first on the path, and a home of its own. */
interface Workbench {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

function createWorkbench(program: string, server: TestServer): Workbench {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-kubectl-'));
  cpSync(join(here, 'manifests'), folder, { recursive: true });
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/kubectl'), `#!/bin/sh\nexec "${program}" "$@"\n`);
  chmodSync(join(folder, 'bin/kubectl'), 0o755);
  writeFileSync(join(folder, 'viewer.yaml'), formatKubeconfig(server.access('viewer')));
  writeFileSync(join(folder, 'stranger.yaml'), formatKubeconfig({ ...server.access(), token: 'of-nobody' }));
  const helm = findPeer('helm');
  if (helm !== undefined) symlinkSync(helm, join(folder, 'bin/helm'));
  const path = `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  return { folder, environment: { PATH: path, HOME: folder, KUBECONFIG: server.kubeconfig(), LC_ALL: 'C' } };
}

const stepMilliseconds = 30_000;

function runStep(bench: Workbench, command: string): Promise<{ output: string; exitCode: number }> {
  return new Promise((resolve) => {
    const options = { cwd: bench.folder, env: bench.environment, timeout: stepMilliseconds };
    execFile('sh', ['-c', `exec 2>&1\n${command}`], options, (error, output) => {
      resolve({ output, exitCode: error === null ? 0 : Number(error.code ?? 124) });
    });
  });
}

async function runCase(bench: Workbench, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    const { output, exitCode } = await runStep(bench, step.command);
    const problem = findProblem(step, output, exitCode);
    assert.equal(problem, undefined, `line ${step.line}: ${step.command}\n${problem}\n--- output\n${output}`);
  }
}

/** Runs every case file against a server of its own, with the kubectl of one version. */
export function describeKubectl(version: string): void {
  const program = `kubectl-${version}`;
  void describe(`kubectl ${version}`, peer(program), () => {
    let server: TestServer;
    let bench: Workbench;
    before(async () => {
      server = await startTestServer();
      bench = createWorkbench(findPeer(program) ?? program, server);
    });
    after(async () => {
      await server[Symbol.asyncDispose]();
      rmSync(bench.folder, { recursive: true, force: true });
    });
    for (const file of caseFiles) {
      const steps = parseCase(readFileSync(join(here, 'cases', file), 'utf8'));
      const options = file === 'helm.txt' ? peer('helm') : {};
      void test(file.replace('.txt', ''), options, async () => {
        await runStep(bench, 'kubectl delete certificates,issuers,secrets,configmaps,events --all -n default');
        await runCase(bench, steps);
        assert.deepEqual(server.failures, []);
      });
    }
  });
}
