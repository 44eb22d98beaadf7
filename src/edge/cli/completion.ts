import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A completion script for `shell`, made from the verbs, options and choices that the program really has. */
export function completionScript(program: Command, shell: Shell): string {
  return { bash, zsh, fish }[shell](program.commands.map(verbOf));
}

function verbOf(command: Command): Verb {
  const options = command.options.flatMap(({ long, short, argChoices }) =>
    long === undefined ? [] : [{ long, short: short ?? '', choices: argChoices ?? [] }],
  );
  const [argument] = command.registeredArguments;
  return { name: command.name(), description: command.description(), options, choices: argument?.argChoices ?? [] };
}

interface Verb {
  readonly name: string;
  readonly description: string;
  readonly options: readonly VerbOption[];
  /** Of its first argument. */
  readonly choices: readonly string[];
}

interface VerbOption {
  readonly long: string;
  readonly short: string;
  readonly choices: readonly string[];
}

function optionNames({ options }: Verb): string {
  return options.map(({ long }) => long).join(' ');
}

/** Values for an option of a verb, as shell patterns `VERB:OPTION`, and for its argument as `VERB:`. */
function bashValues(verb: Verb): string[] {
  const own = verb.choices.length === 0 ? [] : [`    ${verb.name}:*) values="${verb.choices.join(' ')}" ;;`];
  const ofOptions = verb.options
    .filter(({ choices }) => choices.length > 0)
    .map(({ long, short, choices }) => {
      const patterns = [short, long].filter((name) => name !== '').map((name) => `${verb.name}:${name}`);
      return `    ${patterns.join('|')}) values="${choices.join(' ')}" ;;`;
    });
  return [...ofOptions, ...own];
}

function bash(verbs: readonly Verb[]): string {
  const cases = verbs.map((verb) => `    ${verb.name}) words="${optionNames(verb)}" ;;`).join('\n');
  return `# chancery completion for bash: source <(chancery completion bash)
_chancery() {
  local current="\${COMP_WORDS[COMP_CWORD]}" verb="\${COMP_WORDS[1]}" words="" values=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${verbs.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
  case "$verb" in
${cases}
  esac
  case "$verb:\${COMP_WORDS[COMP_CWORD-1]}" in
${verbs.flatMap(bashValues).join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words --help" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$values" -- "$current")) ;;
  esac
}
complete -o default -F _chancery chancery
`;
}

function zsh(verbs: readonly Verb[]): string {
  const names = verbs.map((verb) => `    '${verb.name}:${quote(verb.description)}'`).join('\n');
  const cases = verbs.map((verb) => `    ${verb.name}) compadd -- ${optionNames(verb)} --help ;;`).join('\n');
  const values = verbs.flatMap(bashValues).map((line) => line.replace(/values="(.*)"/, 'compadd -- $1; return'));
  return `#compdef chancery
# chancery completion for zsh: source <(chancery completion zsh)
_chancery() {
  local -a verbs
  verbs=(
${names}
  )
  if (( CURRENT == 2 )); then _describe 'verb' verbs; return; fi
  case "\${words[2]}:\${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  if [[ "\${words[CURRENT]}" != -* ]]; then _files; return; fi
  case "\${words[2]}" in
${cases}
  esac
}
compdef _chancery chancery
`;
}

function fish(verbs: readonly Verb[]): string {
  const lines = verbs.flatMap((verb) => [
    `complete -c chancery -n __fish_use_subcommand -f -a ${verb.name} -d '${quote(verb.description)}'`,
    ...verb.options.map((option) => fishOption(verb, option)),
    ...(verb.choices.length === 0 ? [] : [`${fishOf(verb)} -f -a '${verb.choices.join(' ')}'`]),
  ]);
  return `# chancery completion for fish: chancery completion fish | source\n${lines.join('\n')}\n`;
}

function fishOf({ name }: Verb): string {
  return `complete -c chancery -n '__fish_seen_subcommand_from ${name}'`;
}

function fishOption(verb: Verb, { long, short, choices }: VerbOption): string {
  const names = [`-l ${long.slice(2)}`, ...(short === '' ? [] : [`-s ${short.slice(1)}`])].join(' ');
  return `${fishOf(verb)} ${names}${choices.length === 0 ? '' : ` -x -a '${choices.join(' ')}'`}`;
}

function quote(text: string): string {
  return text.replaceAll("'", '').replaceAll(':', ' ');
}
