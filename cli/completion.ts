/** `ytempire completion`: scripts by which a shell completes commands, options and their values; made from the table of commands. */
import { optionsOf, type Command, type Given } from './command';
import { EXIT, printJson, type Terminal, UsageError } from './output';

const SHELLS = ['bash', 'zsh'] as const;

/** @param commands asked for when it runs, as this command is one of them */
export function completionCommand(commands: () => readonly Command[]): Command {
	return {
		words: 'completion',
		about: 'prints a script that completes commands and options',
		takes: 'SHELL',
		choices: SHELLS,
		options: {},
		text: `For bash, in ~/.bashrc:   source <(ytempire completion bash)
For zsh, in ~/.zshrc:     source <(ytempire completion zsh)`,
		exits: '0 printed, 2 wrong usage.',
		async run(given: Given, terminal: Terminal) {
			const shell = SHELLS.find((one) => one === given.rest[0]);
			if (!shell || given.rest.length > 1) throw new UsageError(`Name a shell: ${SHELLS.join(' or ')}.`);
			const script = shell === 'bash' ? bash(commands()) : zsh(commands());
			if (given.flag('json')) printJson(terminal, { shell, script });
			else terminal.out(script);
			return EXIT.done;
		},
	};
}

/** The words that may follow, by what was written: both shells ask this one function. */
function candidates(commands: readonly Command[]): string {
	const first = [...new Set(commands.map(({ words }) => words.split(' ')[0] ?? ''))];
	const cases = [...commands]
		// the longer words first: `accounts connect` before `accounts`
		.sort((a, b) => b.words.length - a.words.length)
		.map((command) => {
			const under = commands.filter(({ words }) => words.startsWith(`${command.words} `)).map(({ words }) => words.slice(command.words.length + 1));
			const options = Object.keys(optionsOf(command)).map((name) => `--${name}`);
			return `    "${command.words}"*) found="${[...under, ...(command.choices ?? []), ...options].join(' ')}" ;;`;
		});
	const values = new Map<string, string>();
	const files = new Set<string>();
	for (const command of commands) {
		for (const [name, { value, choices, short }] of Object.entries(optionsOf(command))) {
			const calls = [`--${name}`, ...(short ? [`-${short}`] : [])];
			for (const call of calls) {
				if (choices) values.set(`"${command.words}"*:${call}`, choices.join(' '));
				if (value === 'FILE') files.add(call);
			}
		}
	}
	return `_ytempire_words() {
  # $1: the words before the one that is completed, $2: the last of them
  # not "words": that one is the shell's own in zsh
  local found=""
  case "$1:$2" in
${[...values].map(([pattern, words]) => `    ${pattern}) echo "${words}"; return ;;`).join('\n')}
  esac
  case "$2" in
    ${[...files].join('|')}) echo "<file>"; return ;;
  esac
  case "$1" in
${cases.join('\n')}
    "") found="${first.join(' ')} --help" ;;
  esac
  echo "$found"
}`;
}

function bash(commands: readonly Command[]): string {
	return `# Completion of ytempire for bash: source <(ytempire completion bash)
${candidates(commands)}
_ytempire() {
  local current="\${COMP_WORDS[COMP_CWORD]}" last="" before=""
  (( COMP_CWORD > 1 )) && { last="\${COMP_WORDS[COMP_CWORD-1]}"; before="\${COMP_WORDS[*]:1:COMP_CWORD-1}"; }
  local found; found="$(_ytempire_words "$before" "$last")"
  if [[ "$found" == "<file>" ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$found" -- "$current")
  fi
}
complete -F _ytempire ytempire
`;
}

function zsh(commands: readonly Command[]): string {
	return `#compdef ytempire
# Completion of ytempire for zsh: source <(ytempire completion zsh)
${candidates(commands)}
_ytempire() {
  local last="" before=""
  (( CURRENT > 2 )) && { last="\${words[CURRENT-1]}"; before="\${words[2,CURRENT-1]}"; }
  local found; found="$(_ytempire_words "$before" "$last")"
  if [[ "$found" == "<file>" ]]; then _files; else compadd -- \${=found}; fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _ytempire ytempire
`;
}
