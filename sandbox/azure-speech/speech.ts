/** POST /cognitiveservices/v1: SSML becomes sound. */
import { bill, billedBy } from '../billed';
import type { Handler, SandboxRequest, ServiceContext } from '../service';
import { parseSsml, SsmlError, textIn, type Element } from '../speech/ssml';
import type { Studio } from '../speech/studio';
import { refuse } from './errors';
import { FORMATS, type Format } from './formats';
import { type AzureVoice, VOICES } from './voices';

const LONGEST_USER_AGENT = 254;

const NAMESPACE = 'http://www.w3.org/2001/10/synthesis';

/** What may stand in a voice, by Azure's page on the structure of SSML. */
const IN_VOICE = new Set([
	...['audio', 'bookmark', 'break', 'emphasis', 'lang', 'lexicon', 'math', 'p', 'phoneme', 'prosody', 's', 'say-as', 'sub'],
	...['mstts:audioduration', 'mstts:express-as', 'mstts:silence', 'mstts:viseme'],
]);

export function speech(context: ServiceContext, studio: Studio): Handler {
	return async (request) => {
		const format = formatOf(request);
		const { voice, element } = read((await request.buffer()).toString('utf8'));
		const text = textIn(element).replace(/\s+/g, ' ').trim();
		// a voice that knows no letter of the text answers with nothing
		const audio = /[\p{L}\p{N}]/u.test(text)
			? (
					await studio.record(
						{ text, voice, speed: 1, seed: context.seed, skipTags: false, format: format.output.join(' ') },
						format.output,
					)
				).audio
			: Buffer.alloc(0);
		const id = context.random(`request:${billedBy(context).size + 1}`).id(20);
		bill(context, {
			id,
			model: voice.id.includes(':DragonHD') ? 'neural-hd' : 'neural',
			units: { characters: billable(element) },
		});
		return { status: 200, headers: { 'content-type': format.mime, 'x-requestid': id }, body: audio };
	};
}

function formatOf(request: SandboxRequest): Format {
	const agent = request.header('user-agent') ?? '';
	if (agent === '' || agent.length > LONGEST_USER_AGENT) throw refuse(400, 'User-Agent header is missing or too long.');
	if (!/^application\/ssml\+xml\b/.test(request.header('content-type') ?? '')) throw refuse(415, 'Unsupported Media Type');
	const format = FORMATS[request.header('x-microsoft-outputformat') ?? ''];
	if (!format) throw refuse(400, 'Unsupported output format.');
	return format;
}

function read(ssml: string): { voice: AzureVoice; element: Element } {
	try {
		const root = parseSsml(ssml);
		if (root.name !== 'speak') throw new SsmlError('The root element is not speak');
		const { version, xmlns } = root.attributes;
		if (version !== '1.0' || xmlns !== NAMESPACE || !root.attributes['xml:lang']) {
			throw new SsmlError('Node [speak] needs the attributes version, xmlns and xml:lang');
		}
		const inner = root.children.filter((child) => typeof child !== 'string' || child.trim() !== '');
		const wrong = inner.find((child) => typeof child === 'string' || child.name !== 'voice');
		if (wrong !== undefined || inner.length !== 1) {
			const name = typeof wrong === 'object' ? wrong.name : 'text';
			throw new SsmlError(`Node [speak] with type [RootSpeak] should not contain node [${name}] with type [Others]`);
		}
		const element = inner[0] as Element;
		checkInner(element);
		const voice = VOICES.find(({ id }) => id === element.attributes.name);
		if (!voice) throw refuse(400, `Unsupported voice ${element.attributes.name ?? ''}.`);
		return { voice, element };
	} catch (error) {
		if (error instanceof SsmlError) throw refuse(400, `Ssml is not valid: ${error.message}.`);
		throw error;
	}
}

function checkInner(element: Element): void {
	for (const child of element.children) {
		if (typeof child === 'string') continue;
		if (!IN_VOICE.has(child.name)) throw new SsmlError(`Node [${element.name}] should not contain node [${child.name}]`);
		checkInner(child);
	}
}

/** Every code point within the voice, its inner tags too; Chinese characters count twice. */
function billable(element: Element): number {
	let count = 0;
	for (const child of element.children) {
		if (typeof child === 'string') {
			for (const character of child) count += /\p{Script=Han}/u.test(character) ? 2 : 1;
		} else {
			const attributes = Object.entries(child.attributes).map(([name, value]) => ` ${name}="${value}"`).join('');
			count += [...`<${child.name}${attributes}></${child.name}>`].length + billable(child);
		}
	}
	return count;
}
