/** Checks an answer against a schema of a Google discovery document: names, types, enums; what the schema doesn't know is an error. */

interface Schema {
	type?: string;
	format?: string;
	$ref?: string;
	enum?: string[];
	items?: Schema;
	properties?: Record<string, Schema>;
	additionalProperties?: Schema;
}

export interface Discovery {
	schemas: Record<string, Schema>;
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** One sentence for each violation; none when the value fits. */
export function discoveryErrors(document: Discovery, schemaName: string, value: unknown): string[] {
	return errorsIn(document, { $ref: schemaName }, value, schemaName);
}

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
