import type { Command } from 'commander';
import { UsageError } from './failure.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** A completion script for `shell`, made from the verbs and options that the program really has. */
export function completionScript(program: Command, shell: string): string {
  if (!isShell(shell)) throw new UsageError(`unknown shell "${shell}": choose one of ${shells.join(', ')}`);
  const verbs = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: command.options.flatMap((option) => (option.long === undefined ? [] : [option.long])),
  }));
  return { bash, zsh, fish }[shell](verbs);
}

interface Verb {
  readonly name: string;
  readonly description: string;
  readonly options: readonly string[];
}

function isShell(text: string): text is Shell {
  return (shells as readonly string[]).includes(text);
}

function bash(verbs: readonly Verb[]): string {
  const cases = verbs.map((verb) => `    ${verb.name}) words="${verb.options.join(' ')}" ;;`).join('\n');
  return `# chancery completion for bash: source <(chancery completion bash)
_chancery() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${verbs.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -F _chancery chancery
`;
}

function zsh(verbs: readonly Verb[]): string {
  const names = verbs.map((verb) => `    '${verb.name}:${quote(verb.description)}'`).join('\n');
  const cases = verbs.map((verb) => `    ${verb.name}) compadd -- ${verb.options.join(' ')} ;;`).join('\n');
  return `#compdef chancery
# chancery completion for zsh: source <(chancery completion zsh)
_chancery() {
  local -a verbs
  verbs=(
${names}
  )
  if (( CURRENT == 2 )); then _describe 'verb' verbs; return; fi
  case "\${words[2]}" in
${cases}
  esac
  _files
}
compdef _chancery chancery
`;
}

function fish(verbs: readonly Verb[]): string {
  const lines = verbs.flatMap((verb) => [
    `complete -c chancery -n __fish_use_subcommand -a ${verb.name} -d '${quote(verb.description)}'`,
    ...verb.options.map(
      (option) => `complete -c chancery -n '__fish_seen_subcommand_from ${verb.name}' -l ${option.slice(2)}`,
    ),
  ]);
  return `# chancery completion for fish: chancery completion fish | source\n${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return text.replaceAll("'", '').replaceAll(':', ' ');
}
