/** Which provider serves a request, what it costs, and what is remembered of it. */
import { beforeEach, expect, it } from 'vitest';

import type { Budget } from '../../../core/cost/budget';
import { setCostAside } from '../../../core/cost/ledger';
import type { Cost } from '../../../core/documents';
import { isYtempireError, YtempireError, type ErrorClass, type YtempireErrorOptions } from '../../../core/errors';
import { closeCircuits } from '../../../core/routing/breaker';
import type { CallContext, PaidRequest } from '../../../core/routing/call';
import type { Candidate } from '../../../core/routing/candidate';
import { route } from '../../../core/routing/route';
import type { Store } from '../../../core/store/store';
import { queuedJob } from '../../support/job';
import { describePostgres, describeStores, type PlacedStore } from '../../support/stores';

beforeEach(closeCircuits);

/** Micro-dollars that an answer costs; it could have been twice as much. */
const PRICE = 5_000;

const cost = (micro: number, basis: Cost['basis'] = 'billed'): Cost => ({
	provider: 'openai',
	model: 'gpt-6.1-terra',
	units: { output_tokens: 1_000 },
	micro_usd: micro,
	basis,
});

function candidate(id: string, model = 'gpt-6.1-terra', perMinute = 1_000): Candidate {
	return { provider: { id }, model, account: `${id}:account`, perMinute };
}

const candidates = [candidate('openai'), candidate('anthropic', 'claude-sonnet-5-5')];

function failure(errorClass: ErrorClass, provider: string, options: YtempireErrorOptions = {}) {
	return new YtempireError(errorClass, `${provider} failed`, { provider, httpStatus: 500, ...options });
}

function request(send: () => string, content: unknown = 'a'): PaidRequest<string> {
	return {
		capability: 'language',
		content,
		estimate: cost(2 * PRICE, 'estimated'),
		send: async () => ({ value: send(), cost: cost(PRICE), warnings: [] }),
	};
}

const context = (store: Store, more: Partial<CallContext> = {}): CallContext => ({
	store,
	videoId: 'v-1',
	stage: 'script',
	retry: { sleep: async () => undefined },
	...more,
});

/** Of all writes, the first (the hold) is let through, and so many after it not. */
function busyFor(store: Store, times: number): Store {
	let writes = 0;
	return {
		...store,
		transaction: async (work) => {
			writes += 1;
			if (writes > 1 && writes <= 1 + times) throw new YtempireError('unavailable', 'Other workers write', { reason: 'store-busy' });
			return await store.transaction(work);
		},
	};
}

const ledger = async ({ db }: Store) =>
	await db.selectFrom('costs').select(['provider', 'micro_usd', 'basis', 'state', 'day', 'customer']).orderBy('micro_usd').execute();

/** The one request of a stage on each provider; counts how often each was asked. */
function asking(answers: Record<string, () => string>) {
	const asked: string[] = [];
	const work = async ({ provider }: Candidate, call: Parameters<Parameters<typeof route>[2]>[1]) =>
		(
			await call(
				request(() => {
					asked.push(provider.id);
					return answers[provider.id]!();
				}),
			)
		).value;
	return { asked, work };
}

function throwing(error: unknown): () => never {
	return () => {
		throw error;
	};
}

const caught = async (work: Promise<unknown>): Promise<YtempireError> => {
	const error: unknown = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (!isYtempireError(error)) throw new Error(`expected a YtempireError and got ${String(error)}`);
	return error;
};

describeStores('routing', (open) => {
	it('takes the first provider, and writes its cost to the ledger', async () => {
		const store = await open();
		await queuedJob(store, { customer_id: 'c-1' });
		const { asked, work } = asking({ openai: () => 'fine' });
		const routed = await route(candidates, context(store), work);
		expect(routed).toMatchObject({
			result: 'fine',
			tried: [{ provider: 'openai', model: 'gpt-6.1-terra', outcome: 'used', cost_usd: 0.005 }],
			costs: [{ provider: 'openai', micro_usd: PRICE, basis: 'billed' }],
			warnings: [],
		});
		expect(asked).toEqual(['openai']);
		expect(await ledger(store)).toEqual([
			{ provider: 'openai', micro_usd: PRICE, basis: 'billed', state: 'settled', day: '2026-11-22', customer: 'c-1' },
		]);
	});

	it.each(['quota-exhausted', 'rate-limited', 'unavailable', 'auth', 'refused'] as const)(
		'goes on to the next provider after %s, and says why',
		async (errorClass) => {
			const store = await open();
			const { asked, work } = asking({
				openai: throwing(failure(errorClass, 'openai', { reason: 'why' })),
				anthropic: () => 'fine',
			});
			const routed = await route(candidates, context(store), work);
			expect(routed.tried).toMatchObject([
				{ provider: 'openai', outcome: 'failed', error_class: errorClass, reason: 'why', cost_usd: 0 },
				{ provider: 'anthropic', outcome: 'used' },
			]);
			expect(routed.warnings[0]).toContain('openai could not be used');
			const repeated = errorClass === 'rate-limited' || errorClass === 'unavailable';
			expect(asked.filter((id) => id === 'openai')).toHaveLength(repeated ? 3 : 1);
		},
	);

	it.each(['invalid-request', 'cancelled'] as const)('stops at once after %s', async (errorClass) => {
		const store = await open();
		const { asked, work } = asking({ openai: throwing(failure(errorClass, 'openai', { httpStatus: 400 })), anthropic: () => 'fine' });
		expect((await caught(route(candidates, context(store), work))).errorClass).toBe(errorClass);
		expect(asked).toEqual(['openai']);
	});

	it('stops at trouble of its own machine: no other provider is paid for it', async () => {
		const store = await open();
		const { asked, work } = asking({ openai: () => 'paid', anthropic: () => 'fine' });
		const full = new YtempireError('unavailable', 'No space left on the disk');
		const error = await caught(
			route(candidates, context(store), async (candidate, call) => {
				await work(candidate, call);
				throw full;
			}),
		);
		expect(error).toBe(full);
		expect(asked).toEqual(['openai']);
	});

	it('sends nothing that is not wanted any more, but lets end what is under way', async () => {
		const store = await open();
		await queuedJob(store);
		const unwanted = new AbortController();
		const ask = async (content: string, send: () => string) =>
			await route(candidates.slice(0, 1), context(store), async (_, call) =>
				(await call({ ...request(send, content), unwanted: unwanted.signal })).value,
			);
		const underWay = () => {
			unwanted.abort();
			return 'paid';
		};
		expect((await ask('a', underWay)).result).toBe('paid');
		expect((await caught(ask('b', () => 'never'))).errorClass).toBe('cancelled');
		expect((await ask('a', () => 'never')).result).toBe('paid');
		expect(await ledger(store)).toHaveLength(1);
	});

	it('goes on when a provider lacks what another may have', async () => {
		const store = await open();
		const gone = failure('invalid-request', 'openai', { httpStatus: 400, reason: 'no-voice', elsewhere: true });
		const { work } = asking({ openai: throwing(gone), anthropic: () => 'fine' });
		expect((await route(candidates, context(store), work)).result).toBe('fine');
	});

	it('names every provider and its cure when none could do it', async () => {
		const store = await open();
		const { work } = asking({
			openai: throwing(failure('auth', 'openai', { cure: 'Change the key.' })),
			anthropic: throwing(failure('unavailable', 'anthropic', { cure: 'Wait.' })),
		});
		const error = await caught(route(candidates, context(store), work));
		expect(error).toMatchObject({ errorClass: 'unavailable', reason: 'all-providers-failed', cure: 'Wait.' });
		expect(error.issues).toEqual([
			{ field: 'openai', reason: 'openai failed Change the key.' },
			{ field: 'anthropic', reason: 'anthropic failed Wait.' },
		]);
	});

	it('says what to do when no provider is there', async () => {
		const store = await open();
		const error = await caught(route([], context(store), async () => 'never'));
		expect(error).toMatchObject({ errorClass: 'invalid-request', reason: 'no-provider' });
	});

	it('does not pay for the same request of the same stage again', async () => {
		const store = await open();
		await queuedJob(store);
		const { asked, work } = asking({ openai: () => 'once' });
		await route(candidates, context(store), work);
		const again = await route(candidates, context(store), work);
		expect(again.result).toBe('once');
		expect(again.costs).toMatchObject([{ micro_usd: PRICE }]);
		expect(asked).toEqual(['openai']);
		expect(await ledger(store)).toHaveLength(1);
		await route(candidates, context(store, { videoId: 'v-2' }), work);
		expect(asked).toHaveLength(2);
	});

	it('pays again when what the kept answer names is gone, and after a month', async () => {
		const store = await open();
		await queuedJob(store);
		let asked = 0;
		const paid = () => request(() => `answer ${++asked}`);
		const ask = async (stands: boolean) =>
			(
				await route(candidates.slice(0, 1), context(store), async (_, call) =>
					(await call({ ...paid(), stillStands: async () => stands })).value,
				)
			).result;
		expect([await ask(true), await ask(true), await ask(false)]).toEqual(['answer 1', 'answer 1', 'answer 2']);
		store.clock.pass(31 * 24 * 3_600_000);
		expect(await ask(true)).toBe('answer 3');
	});

	it('does not pay again for an answer that the store was too busy to take, and writes it down later', async () => {
		const store = await open();
		await queuedJob(store);
		const { asked, work } = asking({ openai: () => 'paid' });
		const routed = await route(candidates, context(busyFor(store, 1)), work);
		expect(routed).toMatchObject({ result: 'paid', warnings: [], costs: [{ micro_usd: PRICE }] });
		expect((await route(candidates, context(store), work)).result).toBe('paid');
		expect(asked).toEqual(['openai']);
		expect(await ledger(store)).toMatchObject([{ micro_usd: PRICE, state: 'settled' }]);
	});

	it('uses an answer that the store will not take at all, says so, and counts the most that it may have cost', async () => {
		const store = await open();
		await queuedJob(store);
		const { asked, work } = asking({ openai: () => 'paid' });
		const routed = await route(candidates, context(busyFor(store, Infinity)), work);
		expect(routed.result).toBe('paid');
		expect(routed.warnings.join()).toContain('could not be written to');
		expect(asked).toEqual(['openai']);
		expect(await ledger(store)).toMatchObject([{ micro_usd: 2 * PRICE, state: 'open' }]);
	});

	it('tells of a provider what each of its answers cost, those that were repeated and those of unknown end', async () => {
		const store = await open();
		await queuedJob(store);
		const answers = [
			throwing(failure('unavailable', 'openai', { costs: [cost(PRICE)] })),
			throwing(failure('unavailable', 'openai', { httpStatus: undefined, reason: 'ECONNRESET' })),
			() => 'fine',
		];
		const { work } = asking({ openai: () => answers.shift()!() });
		const routed = await route(candidates, context(store), work);
		const sum = (amounts: Array<{ micro_usd: number }>) => amounts.reduce((total, { micro_usd: one }) => total + one, 0);
		expect(sum(routed.costs)).toBe(4 * PRICE);
		expect(sum(await ledger(store))).toBe(4 * PRICE);
		expect(routed.tried).toMatchObject([{ outcome: 'used', cost_usd: 0.02 }]);
	});

	it('asks again for a paid answer that turns out to be none, and keeps one that it has trouble of its own with', async () => {
		const store = await open();
		await queuedJob(store);
		const troubles = [
			failure('unavailable', 'openai', { httpStatus: undefined, reason: 'malformed-answer' }),
			new YtempireError('unavailable', 'No space left on the disk'),
			undefined,
		];
		let asked = 0;
		const ask = async () =>
			await route(candidates.slice(0, 1), context(store), async (_, call) => {
				const check = async () => {
					const trouble = troubles.shift();
					if (trouble) throw trouble;
				};
				return (await call({ ...request(() => `answer ${++asked}`), check })).value;
			});
		expect((await caught(ask())).message).toBe('No space left on the disk');
		expect(asked).toBe(2);
		expect((await ask()).result).toBe('answer 2');
		expect(asked).toBe(2);
	});

	it('keeps no answer of more than 4 MiB, and of all as many as have room: the oldest go', async () => {
		const store = await open();
		await queuedJob(store);
		const ask = async (answer: string, content: string) =>
			(await route(candidates.slice(0, 1), context(store), async (_, call) => (await call(request(() => answer, content))).value)).result;
		const kept = async () => (await store.db.selectFrom('kept_answers').select('id').orderBy('id').execute()).map(({ id }) => id);
		const long = 'x'.repeat(4 * 1024 * 1024);
		expect((await ask(long, 'long')).length).toBe(long.length);
		expect(await kept()).toEqual([]);
		const old = ['a', 'b', 'c', 'd'].map((id, hours) => ({ id, answer: '{}', size: 64 * 1024 * 1024, at: store.clock.now() - (9 - hours) * 3_600_000 }));
		await store.db.insertInto('kept_answers').values(old).execute();
		await ask('short', 'short');
		const left = await kept();
		expect(left).toHaveLength(2);
		expect(left).toContain('d');
		expect(await ask('not asked for', 'short')).toBe('short');
	});

	it('keeps what a request of unknown end may have cost, and gives back what was surely not billed', async () => {
		const store = await open();
		await queuedJob(store);
		const broken = failure('unavailable', 'openai', { httpStatus: undefined, reason: 'ECONNRESET' });
		const answers = [throwing(broken), throwing(failure('unavailable', 'openai', { httpStatus: 503 })), () => 'fine'];
		const { work } = asking({ openai: () => answers.shift()!() });
		await route(candidates, context(store), work);
		expect(await ledger(store)).toMatchObject([
			{ micro_usd: PRICE, basis: 'billed', state: 'settled' },
			{ micro_usd: 2 * PRICE, basis: 'estimated', state: 'open' },
		]);
	});

	it('gives back what was set aside for a request that never left', async () => {
		const store = await open();
		await queuedJob(store, {}, { video: 2 * PRICE });
		const unsent = failure('auth', 'openai', { httpStatus: undefined, unsent: true });
		const untrusted = failure('unavailable', 'openai', { httpStatus: undefined, reason: 'SELF_SIGNED_CERT_IN_CHAIN' });
		for (const error of [unsent, untrusted]) {
			await caught(route(candidates.slice(0, 1), context(store), asking({ openai: throwing(error) }).work));
			expect(await ledger(store)).toEqual([]);
		}
	});

	it('writes down what a provider bills for an answer that it withholds', async () => {
		const store = await open();
		await queuedJob(store);
		const { work } = asking({
			openai: throwing(failure('refused', 'openai', { httpStatus: undefined, costs: [cost(PRICE)] })),
			anthropic: () => 'fine',
		});
		const routed = await route(candidates, context(store), work);
		expect(routed.tried).toMatchObject([{ outcome: 'failed', cost_usd: 0.005 }, { outcome: 'used', cost_usd: 0.005 }]);
		expect(routed.costs).toMatchObject([{ micro_usd: 2 * PRICE }]);
		expect(await ledger(store)).toMatchObject([
			{ micro_usd: PRICE, state: 'settled' },
			{ micro_usd: PRICE, state: 'settled' },
		]);
	});

	it('leaves an account that is out of credit alone until its own date, for every worker', async () => {
		const store = await open();
		await queuedJob(store);
		const resetsAt = new Date(store.clock.ms + 7_200_000);
		const { asked, work } = asking({
			openai: throwing(failure('quota-exhausted', 'openai', { resetsAt, httpStatus: 429 })),
			anthropic: () => 'fine',
		});
		await route(candidates, context(store), work);
		const other = await open({ of: store });
		await route(candidates, context(other, { stage: 'review' }), work);
		expect(asked).toEqual(['openai', 'anthropic', 'anthropic']);
		const alone = await caught(route(candidates.slice(0, 1), context(other, { stage: 'metadata' }), work));
		expect(alone).toMatchObject({ errorClass: 'quota-exhausted', reason: 'resting', resetsAt });
		store.clock.pass(7_200_001);
		await route(candidates, context(store, { stage: 'improve' }), work);
		expect(asked).toEqual(['openai', 'anthropic', 'anthropic', 'openai', 'anthropic']);
	});

	it('stops asking an account that fails again and again, refusals apart', async () => {
		const store = await open();
		let asked = 0;
		const ask = async (error: YtempireError) =>
			await caught(
				route(candidates.slice(0, 1), context(store, { videoId: '' }), async (_, call) =>
					await call(
						request(() => {
							asked += 1;
							throw error;
						}),
					),
				),
			);
		for (let count = 0; count < 8; count += 1) await ask(failure('refused', 'openai'));
		expect(asked).toBe(8);
		await ask(failure('unavailable', 'openai'));
		expect((await ask(failure('unavailable', 'openai'))).reason).toBe('circuit-open');
		expect(asked).toBe(8 + 5);
		expect((await ask(failure('unavailable', 'openai'))).cure).toContain('another provider');
		expect(asked).toBe(8 + 5);
	});

	it('waits for its turn instead of failing, and ends the wait when it is cancelled', async () => {
		const store = await open();
		const slow = [candidate('openai', 'gpt-6.1-terra', 2)];
		const { asked, work } = asking({ openai: () => 'fine' });
		const cancel = new AbortController();
		const stage = (name: string) => context(store, { stage: name, videoId: '', signal: cancel.signal });
		await route(slow, stage('a'), work);
		await route(slow, stage('b'), work);
		const third = caught(route(slow, stage('c'), work));
		setTimeout(() => {
			cancel.abort();
		}, 200);
		expect((await third).errorClass).toBe('cancelled');
		expect(asked).toHaveLength(2);
	});
});

describeStores('budgets', (open) => {
	const ask = async (store: PlacedStore, content: string, videoId = 'v-1') =>
		await route(candidates.slice(0, 1), context(store, { videoId }), async (_, call) =>
			(await call(request(() => 'fine', content))).value,
		);

	async function withBudget(budget: Budget): Promise<PlacedStore> {
		const store = await open();
		await queuedJob(store, { customer_id: 'c-1' }, budget);
		return store;
	}

	it('refuse what would break the budget of a video before it is sent, with the figures', async () => {
		const store = await withBudget({ video: 4 * PRICE - 1 });
		await ask(store, 'a');
		await ask(store, 'b');
		const error = await caught(ask(store, 'c'));
		expect(error).toMatchObject({ errorClass: 'quota-exhausted', reason: 'budget-exceeded' });
		expect(error.message).toBe(
			'Video v-1 has a budget of $0.019999, of which $0.01 are spent: the stage script may take up to $0.01',
		);
		expect(await ledger(store)).toHaveLength(2);
	});

	it('count the day and the customer over all videos, until the day is over', async () => {
		for (const budget of [{ day: 3 * PRICE }, { customerDay: 3 * PRICE }]) {
			const store = await withBudget(budget);
			await queuedJob(store, { video_id: 'v-2', customer_id: 'c-1' }, budget);
			await ask(store, 'a');
			await ask(store, 'a', 'v-2');
			const error = await caught(ask(store, 'b', 'v-2'));
			expect(error).toMatchObject({ reason: 'budget-exceeded', resetsAt: new Date('2026-11-23T00:00:00Z') });
			store.clock.pass(12 * 3_600_000);
			await ask(store, 'b', 'v-2');
		}
	});

	it('count what is under way, so that workers at the same time do not break them', async () => {
		const store = await withBudget({ video: 5 * PRICE });
		const payer = { videoId: 'v-1', stage: 'script' };
		const results = await Promise.allSettled(
			Array.from({ length: 6 }, async () => await setCostAside(store, payer, 'language', cost(2 * PRICE))),
		);
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
	});

	it('let a cheaper provider do it', async () => {
		const store = await withBudget({ video: PRICE });
		const cheap = candidate('openai-small', 'gpt-6-luna');
		const routed = await route([candidate('openai'), cheap], context(store), async ({ provider, model }, call) => {
			const asked = request(() => provider.id);
			return (
				await call({
					...asked,
					estimate: cost(model === 'gpt-6-luna' ? 1 : 2 * PRICE),
				})
			).value;
		});
		expect(routed.result).toBe('openai-small');
		expect(routed.tried[0]).toMatchObject({ outcome: 'failed', reason: 'budget-exceeded' });
	});
});

describePostgres('the rate limit', (open) => {
	it('is shared by workers on several machines', async () => {
		const store = await open();
		const other = await open({ of: store });
		const slow = [candidate('openai', 'gpt-6.1-terra', 2)];
		const { asked, work } = asking({ openai: () => 'fine' });
		const ask = async (on: Store, stage: string, signal?: AbortSignal) =>
			await route(slow, context(on, { stage, videoId: '', signal }), work);
		await ask(store, 'a');
		await ask(other, 'b');
		expect((await caught(ask(other, 'c', AbortSignal.timeout(200)))).errorClass).toBe('cancelled');
		expect(asked).toHaveLength(2);
	});
});
