import { describe, expect, it } from 'vitest';

import { excerpt, redact } from '../../core/redact';

describe('redact', () => {
	it.each([
		['Authorization: Bearer abc.def-123456', 'abc.def'],
		['Incorrect API key provided: sk-proj-abcdef123456****wxyz', 'abcdef'],
		['https://api.example/x?key=12345678-abcdef&q=sea', '12345678'],
		['https://user:hunter22@example.com/', 'hunter22'],
		['{"client_secret": "GOCSPX-something", "refresh_token":"1//0abc"}', 'something'],
		['xi-api-key: 0123456789abcdef', '0123456789'],
		['SG.abcdefghijk.lmnopqrstuvw', 'lmnop'],
		['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'eyJzdWI'],
		["password='correct horse battery'", 'horse'],
	])('hides the secret in %j', (text, secret) => {
		expect(redact(text)).not.toContain(secret);
	});

	it.each(['The key to a good talk is a hook', 'max_tokens is 12', 'q=sea&per_page=3', 'Request req_123 failed'])(
		'leaves %j as it is',
		(text) => {
			expect(redact(text)).toBe(text);
		},
	);

	it('hides values that the caller knows to be secret', () => {
		expect(redact('I got abcdef as a key', ['abcdef'])).toBe('I got [hidden] as a key');
	});
});

describe('excerpt', () => {
	it('is one line without control characters, cut to the limit', () => {
		expect(excerpt('a\u0000b\r\nc')).toBe('a b c');
		expect(excerpt('x'.repeat(1_000_000))).toHaveLength(300);
	});
});
