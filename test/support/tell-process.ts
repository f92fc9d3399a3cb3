/** Sends a mail, or counts revenue, as a process of its own, for tests that kill it: settings are JSON in the first argument. */
import type { MixpanelConnection } from '../../core/analytics/connection';
import { trackOnce, type Tracked } from '../../core/analytics/once';
import { sendMailOnce } from '../../core/email/once';
import type { MailOptions, SendGridConnection } from '../../core/email/sendgrid';
import { openStore } from '../../core/store/store';

export type TellProcess = { storeFile: string } & (
	| { mail: MailOptions; connection: SendGridConnection; videoId: string; occasion: string }
	| { tracked: Tracked[]; connection: MixpanelConnection }
);

async function main(): Promise<void> {
	const settings = JSON.parse(process.argv[2] ?? '{}') as TellProcess;
	const store = await openStore({ file: settings.storeFile });
	if ('mail' in settings) await sendMailOnce({ ...settings, store }, settings.connection, settings.mail);
	else await trackOnce(store, settings.connection, settings.tracked);
	await store.close();
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exitCode = 1;
});
