/**
 * Writes what follows from the definitions of the kinds and from the table of error codes: the reference pages and the
 * CRD manifests. With --check nothing is written; the exit code says whether a file is out of date.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { errorCodes } from '#errors';
import { builtinKinds, customResourceDefinition, referencePage } from '#model/resources';

const root = join(import.meta.dirname, '..');
const ownedFolders = ['docs/reference', 'deploy/crds'];

function errorPage(): string {
  const rows = Object.entries(errorCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  const head = '# Error codes\n\nEvery failure carries one of these codes.\n\n| Code | Meaning |\n| --- | --- |\n';
  return `${head}${rows.join('\n')}\n`;
}

function contentsPage(): string {
  const kinds = builtinKinds.map(({ kind, description }) => `- [${kind}](${kind.toLowerCase()}.md): ${description}`);
  return `# Reference\n\n${kinds.join('\n')}\n- [Error codes](errors.md)\n`;
}

function generated(): Map<string, string> {
  const pages = builtinKinds.map(
    (kind) => [`docs/reference/${kind.kind.toLowerCase()}.md`, referencePage(kind)] as const,
  );
  const manifests = builtinKinds
    .filter(({ group }) => group !== '')
    .map((kind) => {
      const text = stringify(customResourceDefinition(kind), {
        lineWidth: 0,
        aliasDuplicateObjects: false,
        singleQuote: true,
      });
      return [`deploy/crds/${kind.group}_${kind.plural}.yaml`, text] as const;
    });
  return new Map([
    ...pages,
    ...manifests,
    ['docs/reference/errors.md', errorPage()],
    ['docs/reference/README.md', contentsPage()],
  ]);
}

function existing(): string[] {
  for (const folder of ownedFolders) mkdirSync(join(root, folder), { recursive: true });
  return ownedFolders.flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`));
}

function isCurrent(path: string, text: string): boolean {
  try {
    return readFileSync(join(root, path), 'utf8') === text;
  } catch {
    return false;
  }
}

const files = generated();
const outdated = [...files].filter(([path, text]) => !isCurrent(path, text)).map(([path]) => path);
const leftOver = existing().filter((path) => !files.has(path));

if (process.argv.includes('--check')) {
  for (const path of [...outdated, ...leftOver]) console.error(`${path} is out of date: run node scripts/generate.ts`);
  process.exitCode = outdated.length + leftOver.length > 0 ? 1 : 0;
} else {
  for (const path of outdated) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), files.get(path)!);
  }
  for (const path of leftOver) rmSync(join(root, path));
  console.log(`${outdated.length} written, ${leftOver.length} removed, ${files.size} in all`);
}
