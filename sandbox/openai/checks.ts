/** What the provider refuses before it answers: unknown and unsupported parameters, models that are gone, loose schemas. */
import { RefusedRequest } from '../service';
import { badRequest } from './errors';
import { isLive, MODELS, type Model } from './models';
import { strictProblem, type Format, type JsonSchema } from '../writer/schema';

export type Body = Record<string, unknown>;

export function asObject(value: unknown): Body {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
	throw badRequest(null, 'We could not parse the JSON body of your request: an object is expected.', null);
}

export function refuseUnknown(body: Body, known: readonly string[]): void {
	const name = Object.keys(body).find((key) => !known.includes(key));
	if (name !== undefined) throw badRequest('unknown_parameter', `Unknown parameter: '${name}'.`, name);
}

/** @param now milliseconds since 1970 */
export function findModel(id: unknown, now: number): Model {
	if (typeof id !== 'string') throw badRequest('missing_required_parameter', "Missing required parameter: 'model'.", 'model');
	const model = MODELS.find((one) => one.id === id);
	if (model && isLive(model, now)) return model;
	const message = model
		? `The model \`${id}\` has been deprecated, learn more here: https://platform.openai.com/docs/deprecations`
		: `The model \`${id}\` does not exist or you do not have access to it.`;
	throw new RefusedRequest(404, 'model_not_found', message);
}

const RANGES: Record<string, [number, number]> = {
	temperature: [0, 2],
	top_p: [0, 1],
	frequency_penalty: [-2, 2],
	presence_penalty: [-2, 2],
};

const DEFAULTS: Record<string, number> = { temperature: 1, top_p: 1, frequency_penalty: 0, presence_penalty: 0 };

/** Sampling parameters: in range, and on a model that reasons only when it is told not to. */
export function checkSampling(body: Body, model: Model, effort: string): void {
	for (const [name, [least, most]] of Object.entries(RANGES)) {
		const value = body[name];
		if (value === undefined || value === null) continue;
		if (typeof value !== 'number') throw badRequest('invalid_type', `Invalid type for '${name}': expected a decimal.`, name);
		if (value < least) throw badRequest('decimal_below_min_value', `Invalid '${name}': expected a value >= ${least}.`, name);
		if (value > most) throw badRequest('decimal_above_max_value', `Invalid '${name}': expected a value <= ${most}.`, name);
		if (model.reasons && effort !== 'none' && value !== DEFAULTS[name]) {
			throw badRequest(
				'unsupported_value',
				`Unsupported value: '${name}' does not support ${value} with this model. Only the default (${DEFAULTS[name]}) value is supported.`,
				name,
			);
		}
	}
}

/** Reasoning effort in force; `none` for a model that doesn't reason. */
export function effortOf(asked: unknown, model: Model, param: string): string {
	if (!model.reasons) {
		if (asked === undefined || asked === null) return 'none';
		throw badRequest('unsupported_parameter', `Unsupported parameter: '${param}' is not supported with this model.`, param);
	}
	return typeof asked === 'string' ? asked : 'medium';
}

/**
 * @param type `text`, `json_object` or `json_schema`
 * @param wanted name, schema and strict, wherever the endpoint has them
 */
export function readFormat(type: unknown, wanted: Body, param: string): Format {
	if (type === undefined || type === 'text') return { kind: 'text' };
	if (type === 'json_object') return { kind: 'json' };
	if (type !== 'json_schema') throw badRequest('invalid_value', `Invalid value for '${param}.type'.`, param);
	if (typeof wanted.name !== 'string' || !/^[\w-]{1,64}$/.test(wanted.name)) {
		throw badRequest('invalid_value', `Invalid '${param}.name': expected a string that matches '^[a-zA-Z0-9_-]+$'.`, `${param}.name`);
	}
	const schema = asObject(wanted.schema) as JsonSchema;
	const problem = wanted.strict === true ? strictProblem(schema) : undefined;
	if (problem) {
		throw badRequest('invalid_json_schema', `Invalid schema for response_format '${wanted.name}': ${problem}`, param);
	}
	return { kind: 'json', schema, name: wanted.name };
}
