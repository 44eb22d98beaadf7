/** Fails when a relative link in a Markdown file, or a `#heading` of one, leads nowhere. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const broken = globSync(['*.md', 'docs/**/*.md', 'bench/**/*.md']).flatMap((file) => brokenLinks(file));
for (const line of broken) console.error(line);
if (broken.length > 0) process.exitCode = 1;

function brokenLinks(file: string): string[] {
  const text = readFileSync(file, 'utf8').replaceAll(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!)
    .filter((link) => !/^[a-z]+:/.test(link) && !leads(file, link))
    .map((link) => `${file}: ${link} leads nowhere`);
}

function leads(from: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? from : resolve(dirname(from), path);
  if (!existsSync(target)) return false;
  return heading === undefined || headings(target).includes(heading);
}

function headings(file: string): string[] {
  const lines = readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm);
  return [...lines].map((match) =>
    match[1]!
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
