/** One mail per job, event and person, however often and wherever it is run. */
import { deliver } from '../deliveries/deliver';
import { contentHash } from '../hash';
import type { Store } from '../store/store';

import type { Recipients } from './recipients';
import { envelopes, sendMail, type MailOptions, type SendGridConnection, type SentMail } from './sendgrid';

export interface MailOnce {
	store: Store;
	videoId: string;
	/** e.g. `videoCompleted`, or `videoFailed 2` for the second attempt. */
	occasion: string;
}

export interface MailedOnce extends SentMail {
	/** True when all of them had it before. */
	kept: boolean;
	/** True when an earlier try may have reached somebody: nobody had heard how it ended, so it was sent again. */
	repeated: boolean;
}

/**
 * Sends to those who have not had it, also when two executions do so at the same moment. SendGrid has no
 * idempotency of its own: where a try's end was never heard (the process died, or the connection broke, after it
 * had left), the next run sends again, because a message too many is better than none. The answer says so, and
 * both carry the same `delivery` mark.
 */
export async function sendMailOnce(
	{ store, videoId, occasion }: MailOnce,
	connection: SendGridConnection,
	options: MailOptions,
): Promise<MailedOnce> {
	const people = envelopes(options.recipients).map((recipients) => ({
		recipients,
		key: `mail ${videoId} ${occasion} ${contentHash(lowered(recipients)).slice(0, 32)}`,
	}));
	let repeated = false;
	const told = await deliver({ store, signal: options.signal }, people, async (held) => {
		const open = people.filter(({ key }) => held.taken.has(key));
		const keys = open.map(({ key }) => key);
		repeated ||= keys.some((key) => held.taken.get(key)?.unsure);
		const sent = await sendMail(connection, {
			...options,
			recipients: joined(open.map(({ recipients }) => recipients)),
			marks: { ...options.marks, video_id: videoId, delivery: contentHash([videoId, occasion]).slice(0, 32) },
			leaving: async () => {
				await held.leaving(keys);
			},
			cameBack: async () => {
				await held.cameBack(keys);
			},
		});
		await held.done(new Map(keys.map((key) => [key, { message_id: sent.message_id, subject: sent.subject }])));
	});
	const results = people.flatMap(({ key }) => told.get(key) ?? []);
	const fresh = results.find(({ kept }) => !kept) ?? results[0];
	const { message_id = '', subject = '' } = (fresh?.result ?? {}) as Partial<SentMail>;
	return { message_id, subject, ...options.recipients, kept: results.every(({ kept }) => kept), repeated };
}

function lowered({ to, cc, bcc }: Recipients): Recipients {
	const sorted = (addresses: string[]) => addresses.map((one) => one.toLowerCase()).sort();
	return { to: sorted(to), cc: sorted(cc), bcc: sorted(bcc) };
}

function joined(all: Recipients[]): Recipients {
	return {
		to: all.flatMap(({ to }) => to),
		cc: all.flatMap(({ cc }) => cc),
		bcc: all.flatMap(({ bcc }) => bcc),
	};
}
