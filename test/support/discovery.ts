/** Checks requests and answers against a Google discovery document: names, types, enums; what the document doesn't know is an error. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { RecordedRequest } from '../../sandbox/recorder';

import { specsFolder } from './contracts';

interface Schema {
	type?: string;
	format?: string;
	$ref?: string;
	enum?: string[];
	items?: Schema;
	properties?: Record<string, Schema>;
	additionalProperties?: Schema;
}

interface Method {
	httpMethod: string;
	path: string;
	parameters?: Record<string, Schema & { required?: boolean }>;
	request?: Schema;
	response?: Schema;
	mediaUpload?: { protocols: Record<string, { path: string }> };
}

interface Resource {
	methods?: Record<string, Method>;
	resources?: Record<string, Resource>;
}

export interface Discovery extends Resource {
	schemas: Record<string, Schema>;
	/** Of every method. */
	parameters: Record<string, Schema>;
}

/** @param file e.g. `youtube.v3.json` */
export function discoveryDocument(file: string): Discovery {
	return JSON.parse(readFileSync(join(specsFolder(), 'google', file), 'utf8')) as Discovery;
}

/** Every method of the document, also of resources within resources. */
function methodsOf({ methods = {}, resources = {} }: Resource): Method[] {
	return [...Object.values(methods), ...Object.values(resources).flatMap(methodsOf)];
}

function methodFor(document: Discovery, httpMethod: string, path: string): Method | undefined {
	return methodsOf(document).find((method) => {
		const uploads = Object.values(method.mediaUpload?.protocols ?? {}).map((protocol) => protocol.path);
		return method.httpMethod === httpMethod && [`/${method.path}`, ...uploads].includes(path);
	});
}

/** One sentence for each violation by a request that the sandbox recorded: its path, its parameters, its JSON. */
export function requestErrors(
	document: Discovery,
	{ method: httpMethod, path, query, body }: Pick<RecordedRequest, 'method' | 'path' | 'query' | 'body'>,
): string[] {
	const method = methodFor(document, httpMethod, path);
	if (!method) return [`there is no ${httpMethod} ${path}`];
	const { parameters = {}, request } = method;
	const unknown = Object.keys(query).filter((name) => !(name in parameters) && !(name in document.parameters));
	const missing = Object.keys(parameters).filter((name) => parameters[name]?.required && !(name in query));
	// media is recorded by its size and hash
	const isMedia = typeof body === 'object' && body !== null && 'sha256' in body;
	const isJson = request !== undefined && body !== undefined && !isMedia;
	return [
		...unknown.map((name) => `the parameter ${name} is unknown`),
		...missing.map((name) => `the parameter ${name} is missing`),
		...(isJson ? errorsIn(document, request, body, 'body') : []),
	];
}

/** One sentence for each violation by the answer to such a request. */
export function answerErrors(document: Discovery, httpMethod: string, path: string, answer: unknown): string[] {
	const response = methodFor(document, httpMethod, path)?.response;
	return response ? errorsIn(document, response, answer, 'answer') : [`${httpMethod} ${path} has no answer`];
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function errorsIn(document: Discovery, schema: Schema, value: unknown, at: string): string[] {
	if (schema.$ref !== undefined) {
		const target = document.schemas[schema.$ref];
		return target ? errorsIn(document, target, value, at) : [`${at}: no schema ${schema.$ref}`];
	}
	switch (schema.type) {
		case 'object':
			return errorsInObject(document, schema, value, at);
		case 'array':
			if (!Array.isArray(value)) return [`${at} is no array`];
			return value.flatMap((item, index) => errorsIn(document, schema.items ?? {}, item, `${at}[${index}]`));
		case 'string':
			return errorsInText(schema, value, at);
		case 'integer':
			return Number.isInteger(value) ? [] : [`${at} is no integer`];
		case 'number':
		case 'boolean':
			return typeof value === schema.type ? [] : [`${at} is no ${schema.type}`];
		default:
			return [];
	}
}

function errorsInObject(document: Discovery, schema: Schema, value: unknown, at: string): string[] {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is no object`];
	return Object.entries(value).flatMap(([name, inner]) => {
		const property = schema.properties?.[name] ?? schema.additionalProperties;
		return property ? errorsIn(document, property, inner, `${at}.${name}`) : [`${at}.${name} is unknown`];
	});
}

function errorsInText(schema: Schema, value: unknown, at: string): string[] {
	if (typeof value !== 'string') return [`${at} is no string`];
	if (schema.enum && !schema.enum.includes(value)) return [`${at} is none of ${schema.enum.join(', ')}`];
	const isNumber = schema.format === 'uint64' || schema.format === 'int64';
	if (isNumber && !/^-?\d+$/.test(value)) return [`${at} is no number in a string`];
	if (schema.format === 'date-time' && !DATE_TIME.test(value)) return [`${at} is no date and time`];
	return [];
}
