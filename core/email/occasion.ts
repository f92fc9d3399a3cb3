/** One mail for trouble that comes again and again: counted over all executions and workers. */
import { contentHash } from '../hash';
import type { Store } from '../store/store';

export interface Occasion {
	store: Store;
	/** What the mails are about; the same words are the same occasion. */
	about: string;
	/** Milliseconds between two mails about it. */
	everyMs: number;
}

interface Turn {
	/** Mails held back since the last one. */
	heldBack: number;
	/** The mail was not sent: the next one may be. */
	giveBack(): Promise<void>;
}

/**
 * Sends when no mail about this was sent in the time before.
 * @param occasion none for a mail that is always sent
 * @param send is told how many mails were held back since the last one
 * @returns undefined when the mail was held back
 */
export async function once<T>(occasion: Occasion | undefined, send: (heldBack: number) => Promise<T>): Promise<T | undefined> {
	if (!occasion) return await send(0);
	const turn = await takeTurn(occasion);
	if (!turn) return undefined;
	try {
		return await send(turn.heldBack);
	} catch (error) {
		await turn.giveBack();
		throw error;
	}
}

/**
 * Taken before the mail is sent, so that of two executions at the same time one sends it; a process that dies in
 * between has used its turn up.
 */
async function takeTurn({ store, about, everyMs }: Occasion): Promise<Turn | undefined> {
	const occasion = contentHash(about);
	const before = await store.transaction(async (trx) => {
		const now = store.clock.now();
		const last = await trx.selectFrom('mail_occasions').selectAll().where('occasion', '=', occasion).executeTakeFirst();
		if (last && now - last.sent_at < everyMs) {
			const heldBack = { held_back: last.held_back + 1 };
			await trx.updateTable('mail_occasions').set(heldBack).where('occasion', '=', occasion).execute();
			return undefined;
		}
		const turn = { occasion, sent_at: now, held_back: 0 };
		await trx
			.insertInto('mail_occasions')
			.values(turn)
			.onConflict((conflict) => conflict.column('occasion').doUpdateSet(turn))
			.execute();
		return last ?? { ...turn, sent_at: 0 };
	});
	if (!before) return undefined;
	return {
		heldBack: before.held_back,
		giveBack: async () => {
			await store.transaction(async (trx) => {
				await trx.updateTable('mail_occasions').set(before).where('occasion', '=', occasion).execute();
			});
		},
	};
}
