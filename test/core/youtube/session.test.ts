/** Answers of an upload session, and addresses that the token may follow. */
import { describe, expect, it } from 'vitest';

import { stateOf, trustedAddress } from '../../../core/youtube/session';

const answer = (status: number, headers: Record<string, string> = {}, body = '') => ({ status, headers, body, requestId: undefined });

describe('an upload session', () => {
	it('has what its Range header says, and nothing without one', () => {
		expect(stateOf(answer(308, { range: 'bytes=0-262143' }), 1_000_000)).toEqual({ kind: 'active', confirmed: 262_144 });
		expect(stateOf(answer(308), 1_000_000)).toEqual({ kind: 'active', confirmed: 0 });
	});

	it.each(['bytes=5-9', 'bytes=0-', '0-1000000', 'bytes=0-1000000', 'bytes=0--1', 'items=0-5'])('with the Range %j has said nothing', (range) => {
		expect(() => stateOf(answer(308, { range }), 1_000_000)).toThrow('Range');
	});

	it('is gone at 404 and 410, and complete with an ID only', () => {
		expect(stateOf(answer(404), 5)).toEqual({ kind: 'gone' });
		expect(stateOf(answer(410), 5)).toEqual({ kind: 'gone' });
		expect(stateOf(answer(201, {}, '{"id":"abcDEF-_123"}'), 5)).toMatchObject({ kind: 'complete', video: { id: 'abcDEF-_123' } });
		for (const body of ['', 'null', '{}', '{"id":"a b"}', '{"id":"../x"}', '{"id":7}']) {
			expect(() => stateOf(answer(200, {}, body), 5)).toThrow('no ID');
		}
	});

	it('tells every other answer by its reason', () => {
		const body = JSON.stringify({ error: { errors: [{ reason: 'uploadLimitExceeded' }], message: 'Enough' } });
		expect(() => stateOf(answer(400, {}, body), 5)).toThrow('uploadLimitExceeded');
	});
});

describe('an upload address', () => {
	const base = 'http://127.0.0.1:8080';

	it.each([
		['http://127.0.0.1:8080/upload?id=1', 'http://127.0.0.1:8080/upload?id=1'],
		['/upload?id=1', 'http://127.0.0.1:8080/upload?id=1'],
		['https://www.googleapis.com/upload?id=1', 'https://www.googleapis.com/upload?id=1'],
	])('of the API itself or of Google is taken: %s', (location, address) => {
		expect(trustedAddress(location, base)).toBe(address);
	});

	it.each([
		'http://evil.example/upload',
		'http://127.0.0.1:8081/upload',
		'http://www.googleapis.com/upload',
		'https://googleapis.com.evil.example/',
		'https://evilgoogleapis.com/',
		'https://www.googleapis.com@evil.example/',
		'//evil.example/upload',
		'file:///etc/passwd',
	])('elsewhere is refused: %s', (location) => {
		expect(() => trustedAddress(location, base)).toThrow('another server');
	});

	it('that is missing is told', () => {
		expect(() => trustedAddress(undefined, base)).toThrow('no address');
	});
});
