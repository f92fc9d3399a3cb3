/**
 * Our Video: Upload against n8n's own YouTube node, both in one real n8n, and against a plain streamed PUT by curl.
 *
 * All three go over TLS to Google's own addresses, which the link (bench/link) leads to the sandbox: the same
 * server, the same certificate, the same round trip. A node's time is what n8n writes down for it: signing in,
 * opening the session, the bytes, the records that make it resumable, the look at the video after it. n8n's node
 * is given a binary item, and so is ours when the two are compared. Of curl there is only a PUT, so what is
 * compared with it is ours from the first PUT to the end of the last one, both as the server saw them.
 */
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startSandboxProcess, type SandboxProcess } from '../host/sandbox';
import { KEYS } from '../sandbox/keys';
import { startLink, type Link } from './link/link';
import { figure, inTurns, median, type Figure } from './report';
import { uploadByCurl } from './uploaders/curl';
import { Uploader, type Way } from './uploaders/n8n';
import { writeVideo, type BenchVideo } from './uploaders/video';

const MIB = 1024 * 1024;
const SIZES = [
	{ name: '256 MB', bytes: 256 * MIB },
	{ name: '1 GB', bytes: 1024 * MIB },
];
const ROUND_TRIPS_MS = [0, 40];
const ROUNDS = 3;

interface Bench {
	sandbox: SandboxProcess;
	link: Link;
	uploader: Uploader;
	token: string;
	/** Removes what the sandbox has taken, so that the disk stays free. */
	tidy(): void;
}

export async function measure(): Promise<Figure[]> {
	const scratch = mkdtempSync(join(tmpdir(), 'ytempire-bench-'));
	const stops: Array<() => Promise<void>> = [];
	try {
		// in memory where there is room: a server elsewhere doesn't share n8n's disk
		const data = mkdtempSync(join(hasRoom('/dev/shm') ? '/dev/shm' : scratch, 'ytempire-bench-'));
		stops.push(async () => {
			await rm(data, { recursive: true, force: true });
		});
		const sandbox = await startSandboxProcess(data);
		stops.push(sandbox.stop);
		const youtube = sandbox.services.youtube ?? '';
		const link = await startLink(youtube, scratch);
		stops.push(link.stop);
		const token = await signIn(youtube);
		const uploader = await Uploader.start(scratch, sandbox.services, link, token);
		stops.push(async () => await uploader.stop());
		const tidy = (): void => rmSync(join(data, 'youtube', 'videos'), { recursive: true, force: true });
		const bench: Bench = { sandbox, link, uploader, token, tidy };
		await warmUp(bench, scratch);
		const figures: Figure[] = [];
		for (const { name, bytes } of SIZES) {
			const video = writeVideo(join(scratch, `${bytes}.mp4`), bytes);
			for (const ms of ROUND_TRIPS_MS) {
				await link.setRoundTrip(ms);
				figures.push(...(await compare(bench, video, name, ms)));
			}
			rmSync(video.path);
		}
		return figures;
	} finally {
		for (const stop of stops.toReversed()) await stop();
		rmSync(scratch, { recursive: true, force: true });
	}
}

/** For three of the largest videos. */
function hasRoom(folder: string): boolean {
	if (!existsSync(folder)) return false;
	const { bavail, bsize } = statfsSync(folder);
	return bavail * bsize > 3 * Math.max(...SIZES.map(({ bytes }) => bytes));
}

/** What a way needs once (code that is loaded, tokens) isn't counted. */
async function warmUp(bench: Bench, folder: string): Promise<void> {
	const video = writeVideo(join(folder, 'small.mp4'), 128 * MIB);
	for (const way of ['own-binary', 'own-path', 'peer-binary'] as const) await bench.uploader.upload(way, video);
	rmSync(video.path);
	bench.tidy();
	await fetch(`${bench.sandbox.control}/requests`, { method: 'DELETE' });
}

async function compare(bench: Bench, video: BenchVideo, size: string, ms: number): Promise<Figure[]> {
	const { sandbox, link, uploader, token } = bench;
	const by = (way: Way) => async (): Promise<number[]> => {
		const { seconds, megabytes } = await uploader.upload(way, video);
		return [seconds, megabytes, await sent(bench, video)];
	};
	const curl = async (): Promise<number[]> => {
		await uploadByCurl(sandbox.services.youtube ?? '', link, token, video);
		return [0, 0, await sent(bench, video)];
	};
	const peer = by('peer-binary');
	const runs = await inTurns(ROUNDS, { binary: by('own-binary'), path: by('own-path'), curl });
	// one after another its round trips take minutes, and scatter little
	const peers = ms === 0 ? (await inTurns(ROUNDS, { peer })).peer : [await peer()];
	const of = (results: number[][], index = 0): number => median(results.map((result) => result[index] ?? 0));
	const most = (results: number[][]): number => Math.max(...results.map(([, megabytes = 0]) => megabytes));
	const where = `${size}, ${ms} ms`;
	const [binary, other] = [of(runs.binary), of(peers)];
	const [bytes, plain] = [of(runs.path, 2), of(runs.curl, 2)];
	return [
		figure(`a binary item, ${where}; peer: n8n's node`, binary, 's', { peer: other }),
		figure(`times as fast as n8n's node, ${where}`, other / binary, 'times', { atLeast: ms === 0 ? 1.5 : 8 }),
		figure(`the bytes of a file, ${where}; peer: curl's PUT`, bytes, 's', { peer: plain }),
		figure(`the bytes: share of curl's time, ${where}`, bytes / plain, 'times', { atMost: 1.15 }),
		figure(`a file, all of the node, ${where}`, of(runs.path), 's'),
		figure(`memory growth, ${where}; peer: n8n's node`, Math.max(most(runs.binary), most(runs.path)), 'MB', {
			peer: most(peers),
			atMost: 100,
		}),
	];
}

/**
 * Seconds from the first PUT to the end of the last one, as the sandbox saw them; the records begin anew.
 * @throws Error when the video isn't the file, byte for byte
 */
async function sent({ sandbox, tidy }: Bench, { sha256 }: BenchVideo): Promise<number> {
	const { videos } = await sandbox.state<{ videos: Array<{ sha256: string }> }>('youtube');
	if (videos.at(-1)?.sha256 !== sha256) throw new Error('The sandbox has another video than the one sent.');
	const answer = await fetch(`${sandbox.control}/requests`);
	const requests = (await answer.json()) as Array<{ method: string; startedAt: string; ms: number | null }>;
	const puts = requests.filter(({ method }) => method === 'PUT');
	const began = Math.min(...puts.map(({ startedAt }) => Date.parse(startedAt)));
	const ended = Math.max(...puts.map(({ startedAt, ms }) => Date.parse(startedAt) + (ms ?? 0)));
	await fetch(`${sandbox.control}/requests`, { method: 'DELETE' });
	tidy();
	return (ended - began) / 1000;
}

async function signIn(youtube: string): Promise<string> {
	const { clientId, clientSecret, accounts } = KEYS.youtube;
	// the last of the pool's accounts: of the reserve, so that ours doesn't take its turn on it
	const { id = '', refreshToken = '' } = accounts.at(-1) ?? {};
	await fetch(`${youtube}/sandbox/accounts/${id}`, {
		method: 'PATCH',
		body: JSON.stringify({ uploadsPerDay: 1000 }),
	});
	const answer = await fetch(`${youtube}/token`, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'refresh_token',
			client_id: clientId,
			client_secret: clientSecret,
			refresh_token: refreshToken,
		}),
	});
	return ((await answer.json()) as { access_token: string }).access_token;
}
