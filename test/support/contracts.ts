/**
 * The providers' own published contracts, to check what we send and what the sandbox answers.
 * They are not part of this repository: they stand in `shared/specs` beside the checkout, or where YTEMPIRE_SPECS says.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import Ajv2020, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import { describe, it } from 'vitest';
import { parse as parseYaml } from 'yaml';

import { NOT_OURS } from '../../host/test-summary';
import type { RecordedRequest } from '../../sandbox/recorder';

const REPOSITORY = resolve(__dirname, '../..');

/** The folder of contracts; it need not be there. */
export function specsFolder(): string {
	return process.env.YTEMPIRE_SPECS ?? resolve(REPOSITORY, '../shared/specs');
}

export const CONTRACTS_CURE =
	'the providers\' contracts are not there: put them in "shared/specs" beside the checkout, or set YTEMPIRE_SPECS to their folder';

type Json = Record<string, unknown>;

interface Source {
	file: string;
	/** What a real path begins with and the contract's doesn't. */
	prefix: string;
	/** Mends what is known to be wrong in the contract. */
	mend?: (document: Json) => void;
}

const SOURCES = {
	openai: { file: 'openai/openapi.json', prefix: '/v1', mend: mendOpenAi },
	anthropic: { file: 'anthropic/openapi.2026-08.tryagi.yaml', prefix: '' },
	cohere: { file: 'cohere/openapi.json', prefix: '' },
	elevenlabs: { file: 'elevenlabs/openapi.2026-08-22.tryagi.json', prefix: '' },
	stability: {
		file: 'stability/stable-image-generate.v2beta.EXTRACT.2026-09-22.json',
		prefix: '',
		mend: mendStability,
	},
	'azure-speech': { file: 'azure-speech/azure-tts.HANDMADE.openapi.yaml', prefix: '' },
	pexels: { file: 'pexels/pexels.HANDMADE.openapi.yaml', prefix: '' },
	pixabay: { file: 'pixabay/pixabay.HANDMADE.openapi.yaml', prefix: '' },
	unsplash: { file: 'unsplash/unsplash.DERIVED.openapi.yaml', prefix: '' },
	sendgrid: { file: 'sendgrid/oai.json', prefix: '/v3', mend: mendSendGrid },
} satisfies Record<string, Source>;

export type ContractName = keyof typeof SOURCES;

/**
 * `custom_args` is an object (the text beside says so); subject and content may come from a template;
 * the help of an error is an address, not an object.
 */
function mendSendGrid(document: Json): void {
	const [body] = at(document, 'paths', '/mail/send', 'post', 'parameters') as unknown as Json[];
	const schema = at(body ?? {}, 'schema');
	at(schema, 'properties', 'custom_args').type = 'object';
	schema.required = ['personalizations', 'from'];
	const refusal = at(document, 'definitions', 'global_error_response_schema');
	at(refusal, 'properties', 'errors', 'items', 'properties').help = {};
}

/** Pictures of any size came after the list of sizes in the answer; the request's text beside says so. */
function mendOpenAi(document: Json): void {
	delete at(document, 'components', 'schemas', 'ImagesResponse', 'properties', 'size').enum;
}

/** Forms are checked like JSON; of its media types for JSON answers, any stands for all. */
function mendStability(document: Json): void {
	for (const path of Object.values(document.paths as Json)) {
		const content = at(path as Json, 'post', 'requestBody', 'content');
		content['application/json'] = content['multipart/form-data'];
	}
	const answer = at(document, 'components', 'responses', 'ImageGenerationSuccess', 'content');
	answer['application/json'] = answer['application/json; type=image/png'];
}

function at(value: Json, ...keys: string[]): Json {
	return keys.reduce((inner, key) => (inner[key] ?? {}) as Json, value);
}

const ALL_FILES = Object.values(SOURCES).map(({ file }) => file);

function contractsAvailable(files: string[] = ALL_FILES): boolean {
	return files.every((file) => existsSync(join(specsFolder(), file)));
}

/**
 * A group of tests that need the contracts. These belong to their owners and no registry has them, so that no checkout
 * can install them: without them the group is named as left out, with the cure, and isn't counted against CI. A folder
 * that was named has to hold them.
 * @param files those that the group reads; what {@link contractFor} may ask for when left out
 */
export function describeContracts(name: string, tests: () => void, files?: string[]): void {
	const there = contractsAvailable(files);
	describe.runIf(there)(there ? name : `${name} (${NOT_OURS}: ${CONTRACTS_CURE})`, tests);
	if (there || process.env.YTEMPIRE_SPECS === undefined) return;
	it(`${name}: its contract is in YTEMPIRE_SPECS`, () => {
		throw new Error(CONTRACTS_CURE);
	});
}

/** Throws an error that says what doesn't fit, and where. */
export type Check = (value: unknown) => void;

export interface Contract {
	/** Of a JSON body; a name that the contract doesn't know is an error too. */
	request(method: string, path: string): Check;
	response(method: string, path: string, status: number): Check;
	/** Query and body of a request as the sandbox recorded it. */
	recorded(record: Pick<RecordedRequest, 'method' | 'path' | 'query' | 'body'>): void;
}

/**
 * What ajv can work with. It refuses `nullable` without a type: a schema with it becomes a choice between
 * itself and null. And `oneOf` becomes `anyOf`: the variants of the contracts overlap, as their authors
 * tell them apart by a field.
 */
function adapted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(adapted);
	if (typeof value !== 'object' || value === null) return value;
	const inner = Object.fromEntries(
		Object.entries(value).map(([key, one]) => [key === 'oneOf' && Array.isArray(one) ? 'anyOf' : key, adapted(one)]),
	);
	const { nullable, ...rest } = inner;
	if (typeof nullable !== 'boolean') return inner;
	return nullable ? { anyOf: [rest, { type: 'null' }] } : rest;
}

class OpenApiContract implements Contract {
	private readonly ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, validateSchema: false, logger: false });

	private readonly document: Json;

	private readonly compiled = new Map<string, ValidateFunction>();

	constructor(
		private readonly name: ContractName,
		private readonly source: Source,
	) {
		const text = readFileSync(join(specsFolder(), source.file), 'utf8');
		this.document = adapted(source.file.endsWith('.yaml') ? parseYaml(text) : JSON.parse(text)) as Json;
		source.mend?.(this.document);
		this.ajv.addSchema(this.document, name);
	}

	request(method: string, path: string): Check {
		const { operation, pointer } = this.operation(method, path);
		const parameters = (operation.parameters ?? []) as Json[];
		const inBody = parameters.findIndex((parameter) => parameter.in === 'body');
		const place =
			inBody >= 0
				? [...pointer, 'parameters', String(inBody), 'schema']
				: [...pointer, 'requestBody', 'content', 'application/json', 'schema'];
		return this.check(place, `request ${method} ${path}`, true);
	}

	response(method: string, path: string, status: number): Check {
		const { operation, pointer } = this.operation(method, path);
		const responses = operation.responses as Record<string, Json | undefined>;
		const stated = responses[String(status)];
		if (!stated) throw new Error(`${this.name}: the contract names no ${status} for ${method} ${path}`);
		const place = this.follow([...pointer, 'responses', String(status)]);
		const answer = this.look(place);
		const title = `answer ${status} to ${method} ${path}`;
		if (answer.schema) return this.check([...place, 'schema'], title, false);
		if (at(answer, 'content', 'application/json').schema) {
			return this.check([...place, 'content', 'application/json', 'schema'], title, false);
		}
		return (value) => {
			if (value !== undefined && value !== '') throw new Error(`${this.name}: ${title} should have no body`);
		};
	}

	recorded({ method, path, query, body }: Pick<RecordedRequest, 'method' | 'path' | 'query' | 'body'>): void {
		const { operation, pointer } = this.operation(method, path);
		const place = [...pointer, 'parameters'];
		const parameters = ((operation.parameters ?? []) as Json[]).map((_, index) => this.follow([...place, String(index)]));
		for (const [name, value] of Object.entries(query)) {
			const found = parameters.find((one) => this.look(one).in === 'query' && this.look(one).name === name);
			if (!found) throw new Error(`${this.name}: ${method} ${path} knows no query parameter ${name}`);
			const { schema = {} } = this.look(found);
			if ((schema as Json).type === 'string' || (schema as Json).enum) {
				this.check([...found, 'schema'], `query ${name} of ${method} ${path}`, false)(value);
			}
		}
		if (body !== undefined) this.request(method, path)(body);
	}

	private operation(method: string, path: string): { operation: Json; pointer: string[] } {
		const wanted = path.startsWith(this.source.prefix) ? path.slice(this.source.prefix.length) : path;
		const templates = Object.keys(this.document.paths as Json);
		const found =
			templates.find((template) => template === wanted) ??
			templates.find((template) => new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(wanted));
		const pointer = ['paths', found ?? '', method.toLowerCase()];
		const operation = at(this.document, ...pointer);
		if (found === undefined || Object.keys(operation).length === 0) {
			throw new Error(`${this.name}: the contract has no ${method} ${path}`);
		}
		return { operation, pointer };
	}

	private look(pointer: string[]): Json {
		return at(this.document, ...pointer);
	}

	/** To where a reference leads. */
	private follow(pointer: string[]): string[] {
		const { $ref: reference } = this.look(pointer);
		return typeof reference === 'string' ? this.follow(reference.slice(2).split('/').map(unescapePointer)) : pointer;
	}

	/** @param closed names that the contract doesn't know are errors */
	private check(place: string[], title: string, closed: boolean): Check {
		const reference = `${this.name}#/${place.map(escapePointer).join('/')}`;
		const key = `${closed} ${reference}`;
		const validate =
			this.compiled.get(key) ??
			this.ajv.compile({ $ref: reference, ...(closed ? { unevaluatedProperties: false } : {}) });
		this.compiled.set(key, validate);
		return (value) => {
			if (!validate(value)) throw new Error(`${this.name}: ${title} breaks the contract:\n${readable(validate.errors ?? [])}`);
		};
	}
}

function escapePointer(step: string): string {
	return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function unescapePointer(step: string): string {
	return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The deepest errors first: of a choice between schemas they belong to the one that was meant. */
function readable(errors: ErrorObject[]): string {
	const lines = [...errors]
		.filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'oneOf' && keyword !== 'if')
		.sort((a, b) => b.instancePath.split('/').length - a.instancePath.split('/').length)
		.map(({ instancePath, message = '', params }) => {
			const detail = 'unevaluatedProperty' in params ? ` (${params.unevaluatedProperty})` : 'allowedValues' in params ? ` (${params.allowedValues})` : '';
			return `  ${instancePath || '/'} ${message}${detail}`;
		});
	return [...new Set(lines)].slice(0, 10).join('\n');
}

const contracts = new Map<ContractName, Contract>();

/** Loaded once. @throws Error when the contracts are not there */
export function contractFor(name: ContractName): Contract {
	if (!contractsAvailable()) throw new Error(CONTRACTS_CURE);
	const contract = contracts.get(name) ?? new OpenApiContract(name, SOURCES[name]);
	contracts.set(name, contract);
	return contract;
}
