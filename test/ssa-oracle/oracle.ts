import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '#model/objects';
import { peer } from '../peers/peer.ts';
import type { Operation } from './scenarios.ts';

/** The state after one operation, as the real structured-merge-diff has it. */
export interface OracleAnswer {
  readonly live: Json;
  readonly owners: Record<string, Json>;
  readonly conflicts: readonly string[];
  readonly error?: string;
}

const debianPackage = '/usr/share/gocode/src/sigs.k8s.io/structured-merge-diff/merge';
const buildScript = fileURLToPath(new URL('./build.sh', import.meta.url));

/** A ready-made oracle, built against another version of the library. */
const given = process.env['CHANCERY_SSA_ORACLE'];

/** Test options: skipped by name where Go or Debian's package is missing, unless CHANCERY_REQUIRE_PEERS=1. */
export function oracleOptions(): { skip: false | string } {
  if (given !== undefined || process.env['CHANCERY_REQUIRE_PEERS'] === '1') return { skip: false };
  if (!existsSync(debianPackage)) return { skip: 'golang-k8s-sigs-structured-merge-diff-dev is not installed' };
  return peer('go');
}

/** Builds the oracle, unless one is given by CHANCERY_SSA_ORACLE; answers its path. */
export function buildOracle(): string {
  if (given !== undefined) return given;
  const program = join(mkdtempSync(join(tmpdir(), 'ssa-oracle-')), 'oracle');
  execFileSync('sh', [buildScript, program], { stdio: ['ignore', 'inherit', 'inherit'] });
  return program;
}

/** The answers to each scenario, one for each operation. */
export function askOracle(program: string, scenarios: readonly (readonly Operation[])[]): OracleAnswer[][] {
  const input = scenarios.map((ops) => `${JSON.stringify({ ops })}\n`).join('');
  const { status, stdout } = spawnSync(program, { input, maxBuffer: 2 ** 30, stdio: ['pipe', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`the oracle ended with status ${status}`);
  const lines = stdout.toString().trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as OracleAnswer[]);
}

/** Whether the library orders merged lists as the applier does (4.2 and later); 4.1 has live items first. */
export function ordersAsApplied(program: string): boolean {
  const [answers] = askOracle(program, [[writeOf('update', ['a', 'b']), writeOf('apply', ['b', 'a'])]]);
  return JSON.stringify(answers![1]!.live).includes('["b","a"]');
}

function writeOf(op: Operation['op'], names: Json[]): Operation {
  return { op, manager: op, force: true, object: { spec: { names } } };
}
