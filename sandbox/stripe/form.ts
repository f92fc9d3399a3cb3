/** Stripe's parameters: forms and queries in which `items[0][price]=x` is a nested value. */
import { invalid, missingParam } from './errors';

export type Params = { [name: string]: string | Params | undefined };

/** @throws RefusedRequest for a name that leads out of the parameters */
export function parseForm(fields: Iterable<[string, string]>): Params {
	const root: Params = Object.create(null) as Params;
	for (const [name, value] of fields) {
		const path = [...name.matchAll(/[^[\]]+/g)].map(([step]) => step);
		const last = path.pop();
		if (last === undefined) throw invalid(`Invalid parameter name: ${name}`);
		let place = root;
		for (const step of path) {
			const inner = place[step];
			if (typeof inner === 'string') throw invalid(`Invalid ${step}`, step);
			place = place[step] = inner ?? (Object.create(null) as Params);
		}
		place[last] = value;
	}
	return root;
}

/** @throws RefusedRequest `parameter_unknown` for a name that the endpoint doesn't know */
export function allow(params: Params, names: readonly string[]): void {
	const unknown = Object.keys(params).find((name) => name !== 'expand' && !names.includes(name));
	if (unknown !== undefined) throw invalid(`Received unknown parameter: ${unknown}`, unknown, 'parameter_unknown');
}

export function text(params: Params, name: string): string | undefined {
	const value = params[name];
	if (typeof value === 'object') throw invalid(`Invalid string: ${JSON.stringify(value)}`, name);
	return value;
}

export function required(params: Params, name: string): string {
	const value = text(params, name);
	if (value === undefined || value === '') throw missingParam(name);
	return value;
}

export function whole(params: Params, name: string): number | undefined {
	const value = text(params, name);
	if (value === undefined) return undefined;
	if (!/^-?\d+$/.test(value)) throw invalid(`Invalid integer: ${value}`, name, 'parameter_invalid_integer');
	return Number(value);
}

export function flag(params: Params, name: string): boolean | undefined {
	const value = text(params, name);
	if (value === undefined) return undefined;
	if (value !== 'true' && value !== 'false') throw invalid(`Invalid boolean: ${value}`, name);
	return value === 'true';
}

export function choice<T extends string>(params: Params, name: string, values: readonly T[]): T | undefined {
	const value = text(params, name);
	if (value === undefined || (values as readonly string[]).includes(value)) return value as T | undefined;
	throw invalid(`Invalid ${name}: must be one of ${values.join(', ')}`, name);
}

export function nested(params: Params, name: string): Params {
	const value = params[name];
	if (typeof value === 'string' && value !== '') throw invalid(`Invalid hash`, name);
	return typeof value === 'object' ? value : {};
}

export function list(params: Params, name: string): Array<string | Params> {
	return Object.values(nested(params, name)).filter((value) => value !== undefined);
}

const MAX_KEYS = 50;
const MAX_KEY = 40;
const MAX_VALUE = 500;

/** The metadata after a change: an empty value takes a key away. */
export function metadata(params: Params, before: Record<string, string> = {}): Record<string, string> {
	if (params.metadata === '') return {};
	const after = { ...before };
	for (const [key, value] of Object.entries(nested(params, 'metadata'))) {
		if (typeof value !== 'string') throw invalid('Metadata values must be strings', `metadata[${key}]`);
		if (key.length > MAX_KEY) throw invalid('Metadata keys can have up to 40 characters', `metadata[${key}]`);
		if (value.length > MAX_VALUE) throw invalid('Metadata values can have up to 500 characters', `metadata[${key}]`);
		if (value === '') Reflect.deleteProperty(after, key);
		else after[key] = value;
	}
	if (Object.keys(after).length > MAX_KEYS) throw invalid('Metadata can have up to 50 keys', 'metadata');
	return after;
}
