import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli } from './program.ts';

async function scriptFor(shell: string): Promise<string> {
  let out = '';
  const never = (): never => assert.fail('completion needs nothing of the world');
  const io = {
    out: (text: string) => void (out += text),
    err: never,
    readInput: never,
    env: {},
    cwd: '/',
    now: never,
    isTerminal: false,
    isErrTerminal: false,
    signal: new AbortController().signal,
  };
  assert.equal(
    await runCli(['completion', shell], io, { up: never, gateway: never, agent: never, rotateSecretsKey: never }, '0'),
    0,
  );
  return out;
}

/** What `shell` is missing, as a reason to skip. */
function missing(shell: string): string | false {
  return spawnSync(shell, ['-c', 'true']).status === 0 ? false : `${shell} is missing`;
}

/** What bash offers for the last of `words`. */
async function complete(...words: string[]): Promise<string[]> {
  const list = ['chancery', ...words].map((word) => `'${word}'`).join(' ');
  const line = `COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _chancery; echo "\${COMPREPLY[*]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', `${await scriptFor('bash')}\n${line}`], { encoding: 'utf8' });
  assert.equal(stderr, '');
  return stdout.trim().split(' ');
}

const lines: [string[], string[], string][] = [
  [['des'], ['describe'], 'a verb'],
  [['get', '--field'], ['--field-selector'], 'an option of the verb'],
  [['get', '-o', 'ya'], ['yaml'], 'a value of an option'],
  [['delete', '--output', ''], ['name'], 'the only value of an option'],
  [['completion', 'f'], ['fish'], 'a value of an argument'],
];

for (const [words, offered, what] of lines) {
  test(`bash completes ${what}: ${words.join(' ')}`, { skip: missing('bash') }, async () => {
    assert.deepEqual(await complete(...words), offered);
  });
}

for (const shell of ['zsh', 'fish']) {
  test(`${shell} accepts its script`, { skip: missing(shell) }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'chancery-completion-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const script = join(folder, `chancery.${shell}`);
    writeFileSync(script, await scriptFor(shell));
    const { stderr, status } = spawnSync(shell, ['-n', script], { encoding: 'utf8' });
    assert.deepEqual({ stderr, status }, { stderr: '', status: 0 });
  });
}
