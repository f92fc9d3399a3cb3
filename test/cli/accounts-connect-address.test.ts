/** Where `ytempire accounts connect` listens when nothing is said: the owner's address. */
import { createServer } from 'node:http';
import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { returnAddress } from '../../core/youtube/connect/redirect';
import { Connecting, planFor } from '../support/connect';
import { describeWhere } from '../support/left-out';
import { temporarySandbox } from '../support/sandbox';

const PORT = 8000;

const ADDRESS = 'http://localhost:8000/auth/youtube/callback';

async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	try {
		await once(server.listen(port, '127.0.0.1'), 'listening');
		return true;
	} catch {
		return false;
	} finally {
		server.close();
	}
}

const missing = (await isFree(PORT)) ? [] : [`port ${PORT} is taken: stop what listens there`];

describe('the address that Google sends the person back to', () => {
	it("is the owner's when nothing is said", () => {
		const { port, path, uri } = returnAddress();
		expect([port, path, uri(port)]).toEqual([PORT, '/auth/youtube/callback', ADDRESS]);
	});
});

describeWhere('accounts connect without a port', missing, () => {
	it('listens there, and an account is connected by it', async () => {
		const run = await Connecting.start(await temporarySandbox(), planFor(1), { port: undefined });
		await run.consent(1);
		expect(await run.exit).toBe(0);
		const asked = new URL(run.browser.visited.find((url) => url.includes('/o/oauth2/v2/auth')) ?? '');
		expect(asked.searchParams.get('redirect_uri')).toBe(ADDRESS);
	});
});
