/** Short ways to ask over HTTP in a test. */

export interface Answer<T = any> {
	status: number;
	headers: Headers;
	/** Parsed when it is JSON, text otherwise. */
	body: T;
}

export async function ask<T = any>(url: string, init: RequestInit & { json?: unknown } = {}): Promise<Answer<T>> {
	const { json, ...rest } = init;
	const headers = new Headers(rest.headers);
	if (json !== undefined) headers.set('content-type', 'application/json');
	const response = await fetch(url, {
		...rest,
		method: rest.method ?? (json === undefined ? 'GET' : 'POST'),
		headers,
		body: json === undefined ? rest.body : JSON.stringify(json),
	});
	const text = await response.text();
	const isJson = response.headers.get('content-type')?.includes('json') ?? false;
	return { status: response.status, headers: response.headers, body: (isJson && text !== '' ? parse(text) : text) as T };
}

/** A cut answer stays text. */
function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
