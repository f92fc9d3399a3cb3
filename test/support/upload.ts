/** An upload to the sandbox's YouTube: pool, store, a file, and what stands there afterwards. */
import { fileHash } from '../../core/hash';
import { uploadVideo, type UploadDeps, type UploadInput } from '../../core/youtube/upload';
import type { FaultSetting } from '../../sandbox/faults';
import type { Sandbox } from '../../sandbox/server';

import { testPool, type TestPool } from './pool';
import { temporarySandbox } from './sandbox';
import { temporaryFolder, temporaryStore, TestClock } from './store';
import { videoOf } from './video';

export const CHUNK = 256 * 1024;

const SESSION = { method: 'PUT', path: '/upload/youtube/v3/videos' };

interface SandboxVideo {
	id: string;
	account_id: string;
	channel_id: string;
	bytes: number;
	sha256: string;
	privacy_status: string;
	notify_subscribers: boolean;
	metadata: { snippet?: Record<string, unknown>; status?: Record<string, unknown> };
	thumbnail?: { bytes: number };
}

interface SandboxYouTube {
	videos: SandboxVideo[];
	sessions: Array<{ kept: number; finished: boolean }>;
	quota: Array<{ bucket: string; used: number }>;
}

export interface UploadScene {
	sandbox: Sandbox;
	folder: string;
	store: Awaited<ReturnType<typeof temporaryStore>>;
	path: string;
	sha256: string;
	/** What was said on the way. */
	said: string[];
	upload(input?: Partial<UploadInput>, deps?: Partial<UploadDeps>): ReturnType<typeof uploadVideo>;
	youtube(): SandboxYouTube;
	/** Units of a bucket that YouTube has counted today. */
	used(bucket: 'inserts' | 'units'): number;
	/** A fault on the session's PUT requests. */
	onChunks(fault: Omit<FaultSetting, 'service' | 'match'>): void;
	onCalls(method: string, path: string, fault: Omit<FaultSetting, 'service' | 'match'>): void;
	/** Content-Range headers of the session's requests, in order. */
	ranges(): string[];
	control(method: string, path: string, body?: unknown): Promise<void>;
}

/** @param chunks length of the file, in chunks of 256 KiB */
export async function uploadScene(chunks = 3.5, pool: TestPool = {}): Promise<UploadScene> {
	const [sandbox, folder] = [await temporarySandbox(), await temporaryFolder()];
	// The sandbox counts days by the real clock
	const store = await temporaryStore(new TestClock(Date.now()), folder);
	const path = await videoOf(folder, Math.round(chunks * CHUNK));
	const baseUrl = sandbox.services.youtube.url;
	const said: string[] = [];
	const youtube = () => sandbox.state('youtube') as SandboxYouTube;
	return {
		sandbox,
		folder,
		store,
		path,
		sha256: await fileHash(path),
		said,
		youtube,
		upload: async (input = {}, deps = {}) =>
			await uploadVideo(
				{ videoId: 'video-1', file: { path }, metadata: { title: 'Volcanoes' }, ...input },
				{
					store,
					pool: testPool({ baseUrl, ...pool }),
					chunkBytes: CHUNK,
					baseMs: 5,
					maxMs: 20,
					looksMs: [0],
					processingMs: 0,
					retry: { baseMs: 5, maxMs: 20 },
					waitMs: 5_000,
					log: (message) => said.push(message),
					...deps,
				},
			),
		used: (bucket) => youtube().quota.filter((one) => one.bucket === bucket).reduce((sum, one) => sum + one.used, 0),
		onChunks: (fault) => void sandbox.faults.add({ ...fault, service: 'youtube', match: SESSION }),
		onCalls: (method, callPath, fault) => void sandbox.faults.add({ ...fault, service: 'youtube', match: { method, path: callPath } }),
		ranges: () =>
			sandbox.recorder
				.list({ service: 'youtube', method: 'PUT' })
				.map(({ headers }) => String(headers['content-range'])),
		control: async (method, controlPath, body) => {
			const response = await fetch(`${baseUrl}${controlPath}`, {
				method,
				...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
			});
			if (!response.ok) throw new Error(`${controlPath}: ${response.status} ${await response.text()}`);
		},
	};
}
