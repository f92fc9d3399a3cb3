/** What a prompt asks for: topic, style and length, whether they come as JSON, as marked-up or as plain text. */
import type { Style } from './frame-sentences';
import type { Brief } from './script';

const DEFAULT_SECONDS = 60;

const SECONDS_KEY = /^(target_?)?(duration|length)(_?(s|sec|seconds))?$|^seconds$/i;
const WORDS_KEY = /^(target_?|total_?)?(words?|word_?count)$/i;

/** All JSON objects that stand in a text, outermost ones. */
export function jsonObjects(text: string): Array<Record<string, unknown>> {
	const found: Array<Record<string, unknown>> = [];
	for (let start = text.indexOf('{'); start !== -1; start = text.indexOf('{', start + 1)) {
		const end = closingBrace(text, start);
		if (end === -1) continue;
		try {
			const value: unknown = JSON.parse(text.slice(start, end + 1));
			if (typeof value === 'object' && value !== null) found.push(value as Record<string, unknown>);
			start = end;
		} catch {
			continue;
		}
	}
	return found;
}

function closingBrace(text: string, start: number): number {
	let depth = 0;
	let quoted = false;
	for (let index = start; index < text.length; index += 1) {
		const letter = text[index];
		if (quoted) {
			if (letter === '\\') index += 1;
			else if (letter === '"') quoted = false;
		} else if (letter === '"') quoted = true;
		else if (letter === '{') depth += 1;
		else if (letter === '}' && (depth -= 1) === 0) return index;
	}
	return -1;
}

/** The first value under a key that matches, at any depth. */
function findKey(value: unknown, key: RegExp, depth = 0): string | number | undefined {
	if (typeof value !== 'object' || value === null || depth > 5) return undefined;
	const entries: Array<[string, unknown]> = Object.entries(value);
	for (const [name, inner] of entries) {
		if (key.test(name) && (typeof inner === 'string' || typeof inner === 'number')) return inner;
	}
	for (const [, inner] of entries) {
		const found = findKey(inner, key, depth + 1);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** `<topic>…</topic>`, `Topic: …` or `"topic" …`. */
function findText(text: string, name: string): string | undefined {
	const tagged = new RegExp(`<${name}>\\s*([\\s\\S]*?)\\s*</${name}>`, 'i').exec(text);
	const line = new RegExp(`(?:^|\\n|[.;]\\s)[-*\\s]*(?:the )?${name}(?: is)?\\s*[:=]\\s*([^\\n]+)`, 'i').exec(text);
	return (tagged?.[1] ?? line?.[1])?.trim().replace(/^["'“]|["'”]$/g, '') || undefined;
}

function secondsFrom(text: string, objects: unknown[]): number {
	const seconds = Number(findKey(objects, SECONDS_KEY));
	if (seconds > 0) return seconds;
	const words = Number(findKey(objects, WORDS_KEY));
	if (words > 0) return (words / 150) * 60;
	const inSeconds = /(\d+(?:\.\d+)?)[ -]*(?:seconds?|secs?|s)\b/i.exec(text)?.[1];
	if (inSeconds) return Number(inSeconds);
	const inMinutes = /(\d+(?:\.\d+)?)[ -]*(?:minutes?|mins?)\b/i.exec(text)?.[1];
	if (inMinutes) return Number(inMinutes) * 60;
	const inWords = /(\d+)[ -]*words?\b/i.exec(text)?.[1];
	return inWords ? (Number(inWords) / 150) * 60 : DEFAULT_SECONDS;
}

function styleFrom(asked: string): Style {
	const style = asked.toLowerCase();
	if (/energ|excit|hype|upbeat|dynamic/.test(style)) return 'energetic';
	if (/casual|friend|fun|convers|relaxed/.test(style)) return 'casual';
	return /calm|sooth|medit|gentle/.test(style) ? 'calm' : 'professional';
}

/** @param prompt what the user's messages say, joined */
export function readBrief(prompt: string): Brief {
	const objects = jsonObjects(prompt);
	const topic = findKey(objects, /^(topic|subject)$/i) ?? findText(prompt, 'topic') ?? findText(prompt, 'subject');
	const style = findKey(objects, /^(style|tone)$/i) ?? findText(prompt, 'style') ?? findText(prompt, 'tone');
	const about = /\babout\s+["“]?([^"”\n.]{3,120})/i.exec(prompt)?.[1];
	const firstLine = prompt.trim().split('\n')[0] ?? '';
	return {
		topic: String(topic ?? about ?? firstLine),
		style: styleFrom(String(style ?? '')),
		seconds: Math.min(secondsFrom(prompt, objects), 3600),
	};
}
