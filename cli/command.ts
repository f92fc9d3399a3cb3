/** What a command is: its words, its options and what it does. Help and completion are made from it. */
import { parseArgs } from 'node:util';

import { UsageError, type Terminal } from './output';

export interface Option {
	type: 'boolean' | 'string';
	short?: string;
	/** May be given several times. */
	multiple?: boolean;
	/** What stands in the help for the value, e.g. `FILE`; a FILE is completed as one. */
	value?: string;
	/** All values that there are. */
	choices?: readonly string[];
	about: string;
}

export type Options = Record<string, Option>;

export interface Command {
	/** The words that call it, e.g. `accounts connect`. */
	words: string;
	/** In the list of commands. */
	about: string;
	/** What it takes beside options, e.g. `[TOPIC]`. */
	takes?: string;
	/** Values that its argument can have, for completion. */
	choices?: readonly string[];
	options: Options;
	/** What it does, in its help; lines of at most 120 characters. */
	text: string;
	/** Below the options. */
	more?: string;
	/** What its exit codes mean. */
	exits: string;
	run(given: Given, terminal: Terminal): Promise<number>;
}

/** A command's options and arguments as they were given. */
export class Given {
	constructor(
		private readonly values: Record<string, boolean | string | Array<boolean | string> | undefined>,
		readonly rest: readonly string[],
	) {}

	flag(name: string): boolean {
		return this.values[name] === true;
	}

	text(name: string): string | undefined {
		const value = this.values[name];
		return typeof value === 'string' ? value : undefined;
	}

	list(name: string): string[] {
		const value = this.values[name];
		return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
	}

	/** @throws UsageError when it isn't a number in these bounds */
	number(name: string, low: number, high: number): number | undefined {
		const text = this.text(name);
		if (text === undefined) return undefined;
		const value = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
		if (value >= low && value <= high) return value;
		throw new UsageError(`--${name} must be a number from ${low} to ${high}.`);
	}

	whole(name: string, low: number, high: number): number | undefined {
		const value = this.number(name, low, high);
		if (value === undefined || Number.isInteger(value)) return value;
		throw new UsageError(`--${name} must be a whole number.`);
	}
}

const EVERYWHERE: Options = {
	json: { type: 'boolean', about: 'one JSON object on stdout; progress goes to stderr either way' },
	help: { type: 'boolean', short: 'h', about: 'this text' },
};

/** All options of a command. */
export function optionsOf(command: Command): Options {
	return { ...command.options, ...EVERYWHERE };
}

/** @throws UsageError on an unknown option, a missing value, or one that isn't among its choices */
export function readArguments(command: Command, args: string[]): Given {
	const options = optionsOf(command);
	try {
		const { values, positionals } = parseArgs({ args, options, allowPositionals: command.takes !== undefined });
		const given = new Given(values, positionals);
		for (const [name, { choices }] of Object.entries(options)) {
			const value = given.text(name);
			if (choices && value !== undefined && !choices.includes(value)) {
				throw new UsageError(`--${name} must be one of ${choices.join(', ')}.`);
			}
		}
		return given;
	} catch (error) {
		if (error instanceof UsageError) throw error;
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

const WIDTH = 120;

export function helpOf(command: Command): string {
	const { words, takes, text, more, exits } = command;
	const rows = Object.entries(optionsOf(command)).map(([name, { short, value, choices, about }]): [string, string] => [
		`${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
		choices ? `${about}: ${choices.join(', ')}` : about,
	]);
	const usage = ['Usage: ytempire', words, ...(takes ? [takes] : []), '[options]'].join(' ');
	const below = [...(more ? [more] : []), `Exit codes: ${exits}`].map((one) => wrapped(one, WIDTH).join('\n'));
	return `${[usage, text, table(rows), ...below].join('\n\n')}\n`;
}

/** Two columns; the second one is wrapped. */
export function table(rows: Array<[string, string]>): string {
	const first = Math.max(...rows.map(([name]) => name.length)) + 2;
	return rows
		.map(([name, about]) => {
			const lines = wrapped(about, WIDTH - first - 2);
			return lines.map((line, index) => `  ${(index === 0 ? name : '').padEnd(first)}${line}`).join('\n');
		})
		.join('\n');
}

function wrapped(text: string, width: number): string[] {
	const lines = [''];
	for (const word of text.split(' ')) {
		const last = lines.at(-1) ?? '';
		if (last !== '' && last.length + word.length >= width) lines.push(word);
		else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
	}
	return lines;
}
