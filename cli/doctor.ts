/** `ytempire doctor`: says what is wrong with a factory, and the cure. */
import type { Finding } from '../core/doctor/finding';

import type { Command, Given } from './command';
import { EXIT, plain, printJson, type Terminal, UsageError } from './output';
import { apiKeyOf, n8nUrlOf, N8N_OPTIONS, placeOf, STORE_OPTIONS, warnOpenly, webhookAuthOf, WEBHOOK_OPTIONS } from './settings';

/** Room for some dozens of videos with their parts. */
const MIN_FREE_GB = 2;

export const DOCTOR: Command = {
	words: 'doctor',
	about: 'looks at all that a factory needs, and says what is wrong and the cure',
	options: {
		workflows: { type: 'string', value: 'NAMES', about: 'which workflows should be there, with commas; all of the package by default' },
		'min-free-gb': { type: 'string', value: 'N', about: `gigabytes that should be free where videos are made (${MIN_FREE_GB})` },
		...N8N_OPTIONS,
		...WEBHOOK_OPTIONS,
		...STORE_OPTIONS,
	},
	text: `Looks at Node, ffmpeg and its filters, disk, store, n8n and its version, the package in it, workflows and whether they
are published, credentials of their nodes, and the webhook's key. Nothing is changed; the webhook is asked with an
empty request, which the workflow rejects. Run it as the user and on the machine that n8n runs on.`,
	exits: '0 nothing is wrong (warnings and what could not be looked at are told), 1 something is wrong, 2 wrong usage.',
	run: doctor,
};

const MARKS: Record<Finding['level'], string> = { ok: '✔', warning: '!', fault: '✘', unknown: '?' };

async function doctor(given: Given, terminal: Terminal): Promise<number> {
	const asJson = given.flag('json');
	const url = n8nUrlOf(given);
	warnOpenly(url, terminal);
	const { examine } = await import('../core/doctor/doctor');
	const workflows = given.text('workflows')?.split(',').map((one) => one.trim());
	await assertKnown(workflows);
	const findings = await examine({
		url,
		apiKey: await apiKeyOf(given, terminal),
		webhookAuth: await webhookAuthOf(given, terminal),
		place: await placeOf(given, terminal),
		workflows,
		minFreeGb: given.number('min-free-gb', 0, 1_000_000) ?? MIN_FREE_GB,
		signal: terminal.signal,
		onFinding: ({ level, check, message, cure }) => {
			if (asJson) return;
			terminal.out(`${MARKS[level]} ${check.padEnd(12)} ${plain(message)}\n`);
			if (cure) terminal.out(`  ${''.padEnd(12)} ${plain(cure)}\n`);
		},
	});
	const faults = findings.filter(({ level }) => level === 'fault').length;
	if (asJson) {
		printJson(terminal, { healthy: faults === 0, faults, findings: findings.map((one) => ({ ...one, message: plain(one.message), cure: plain(one.cure) })) });
	} else terminal.out(`${faults === 0 ? 'Nothing is wrong.' : `${faults} ${faults === 1 ? 'thing is' : 'things are'} wrong.`}\n`);
	return faults === 0 ? EXIT.done : EXIT.failed;
}

async function assertKnown(names: string[] | undefined): Promise<void> {
	if (!names) return;
	const { ownPackage } = await import('../core/doctor/own-package');
	const known = ownPackage().workflows.map(({ file }) => file);
	const unknown = names.find((name) => !known.includes(name));
	if (unknown !== undefined) throw new UsageError(plain(`--workflows: ${unknown} is none of ${known.join(', ')}.`));
}
