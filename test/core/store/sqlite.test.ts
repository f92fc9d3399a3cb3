/** What SQLite says when it can't go on. */
import { describe, expect, it } from 'vitest';

import { isBusy } from '../../../core/store/sqlite';

const sqliteSays = (errcode: number) => Object.assign(new Error('database is locked'), { errcode });

describe('a busy file', () => {
	// https://www.sqlite.org/rescode.html: SQLITE_BUSY, and with what it says besides: BUSY_RECOVERY, BUSY_SNAPSHOT, BUSY_TIMEOUT
	it.each([5, 261, 517, 773])('is waited for, code %i', (code) => {
		expect(isBusy(sqliteSays(code))).toBe(true);
	});

	it.each([1, 6, 13, 262])('is another thing than code %i', (code) => {
		expect(isBusy(sqliteSays(code))).toBe(false);
	});
});
