/** A generation's form: read as multipart/form-data, checked as the provider checks it. */
import type { SandboxRequest } from '../service';
import { refuse } from './errors';

export interface Wish {
	prompt: string;
	aspectRatio: string;
	format: 'jpeg' | 'png' | 'webp';
	/** 0 for one by chance. */
	seed: number;
	model: string | undefined;
}

const ASPECT_RATIOS = ['21:9', '16:9', '3:2', '5:4', '1:1', '4:5', '2:3', '9:16', '9:21'];
const FORMATS = ['png', 'jpeg', 'webp'] as const;
const PRESETS = (
	'enhance anime photographic digital-art comic-book fantasy-art line-art analog-film neon-punk isometric low-poly origami ' +
	'modeling-compound cinematic 3d-model pixel-art tile-texture'
).split(' ');

const MOST_CHARACTERS = 10_000;
const LARGEST_SEED = 4_294_967_294;
const MOST_BYTES = 10 * 1024 * 1024;

/** @throws RefusedRequest 400 with every problem, as the provider tells them */
export async function readForm(request: SandboxRequest): Promise<Map<string, string>> {
	const [, boundary] = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(request.header('content-type') ?? '') ?? [];
	if (boundary === undefined) throw refuse(400, 'bad_request', 'content-type: must be multipart/form-data');
	const body = await request.buffer();
	if (body.length > MOST_BYTES) throw refuse(413, 'payload_too_large');
	// what stands between two boundaries: headers, an empty line, the value
	const parts = `\r\n${body.toString('utf8')}`.split(`\r\n--${boundary}`);
	if (parts.at(-1)?.trimEnd() !== '--') throw refuse(400, 'bad_request', 'body: is not valid multipart/form-data');
	const fields = new Map<string, string>();
	for (const part of parts.slice(1, -1)) {
		const [, headers = '', value = ''] = /^\r\n(.*?)\r\n\r\n(.*)$/s.exec(part) ?? [];
		const [, name] = /^content-disposition:.*\bname="([^"]*)"/im.exec(headers) ?? [];
		if (name === undefined) throw refuse(400, 'bad_request', 'body: is not valid multipart/form-data');
		fields.set(name, value);
	}
	return fields;
}

export function checkForm(form: Map<string, string>): Wish {
	const problems: string[] = [];
	const oneOf = (name: string, values: readonly string[], otherwise: string) => {
		const value = form.get(name) ?? otherwise;
		if (value !== '' && !values.includes(value)) problems.push(`${name}: must be one of ${values.join(', ')}`);
		return value;
	};
	const prompt = form.get('prompt') ?? '';
	if (prompt === '') problems.push('prompt: is required');
	for (const [name, text] of [['prompt', prompt], ['negative_prompt', form.get('negative_prompt') ?? '']] as const) {
		if (text.length > MOST_CHARACTERS) problems.push(`${name}: cannot be longer than ${MOST_CHARACTERS} characters`);
	}
	const seed = Number(form.get('seed') ?? 0);
	if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) problems.push(`seed: must be from 0 to ${LARGEST_SEED}`);
	const aspectRatio = oneOf('aspect_ratio', ASPECT_RATIOS, '1:1');
	const format = oneOf('output_format', FORMATS, 'png') as Wish['format'];
	oneOf('style_preset', PRESETS, '');
	if (problems.length > 0) throw refuse(400, 'bad_request', problems.join('; '));
	return { prompt, aspectRatio, format, seed, model: form.get('model') };
}
