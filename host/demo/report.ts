/** What the demo says at its end, for people and as JSON. */
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { QualityResult, Tried, UploadResult, VideoResult } from '../../core/documents';
import type { Job, JobFailure, JobStage } from '../../core/jobs/job';
import { findFfmpeg, probe } from '../../core/video/ffmpeg';
import type { SandboxProcess } from '../sandbox';
import type { DemoOptions } from './options';

export interface DemoReport {
	/** True when the video is published and its file is what it should be. */
	ok: boolean;
	video_id: string;
	execution_id: string;
	topic: string;
	style: string;
	/** Seconds asked for. */
	duration: number;
	status: string;
	stages: JobStage[];
	cost_usd: number;
	/** Stages that the first provider did not do, with all that were tried. */
	fallbacks: Array<{ stage: string; tried: Tried[] }>;
	failure: JobFailure | null;
	quality?: Pick<QualityResult, 'score' | 'threshold' | 'passed' | 'reasons' | 'gates'>;
	account_id?: string;
	quota?: UploadResult['quota'];
	youtube_id?: string;
	/** The page in the sandbox, while it runs. */
	watch_url?: string;
	/** A copy of that page that opens from disk. */
	watch_page?: string;
	video_path?: string;
	/** What ffprobe says of the file. */
	file?: Saved['file'];
	/** Mails and events that the sandbox received. */
	mails: number;
	events: number;
	/** From the command to the end of the video. */
	seconds: number;
}

interface Saved {
	videoPath?: string;
	watchPage?: string;
	watchUrl?: string;
	published: boolean;
	mails: number;
	events: number;
	file?: { duration_s: number; width: number; height: number; video_codec: string; audio_codec: string };
}

interface SaveOptions {
	job: Job;
	/** Where the video is left; exists. */
	folder: string;
	sandbox: SandboxProcess;
}

/** Copies the video and its watch page to where they outlive the demo, and checks both. */
export async function saveResult({ job, folder, sandbox }: SaveOptions): Promise<Saved> {
	const upload = job.results.upload as UploadResult | undefined;
	const video = job.results.video as VideoResult | undefined;
	const saved: Saved = {
		published: false,
		mails: await countOf(sandbox, 'sendgrid', 'mails'),
		events: await countOf(sandbox, 'mixpanel', 'events'),
	};
	if (video) {
		saved.videoPath = join(folder, 'video.mp4');
		await copyFile(video.file.path, saved.videoPath);
		const { video: picture, audio, durationS } = await probe(await findFfmpeg(), saved.videoPath);
		if (picture && audio) {
			saved.file = {
				duration_s: durationS,
				width: picture.width,
				height: picture.height,
				video_codec: picture.codec,
				audio_codec: audio.codec,
			};
		}
	}
	if (upload) {
		saved.watchUrl = `${sandbox.services.youtube}/watch?v=${encodeURIComponent(upload.youtube_id)}`;
		const page = await fetch(saved.watchUrl);
		saved.published = page.ok;
		saved.watchPage = join(folder, 'watch.html');
		const html = (await page.text()).replaceAll(`/media/${upload.youtube_id}`, 'video.mp4');
		await writeFile(saved.watchPage, html);
	}
	return saved;
}

async function countOf(sandbox: SandboxProcess, service: string, key: string): Promise<number> {
	const state = await sandbox.state<Record<string, unknown>>(service);
	const list = state[key];
	return Array.isArray(list) ? list.length : 0;
}

interface ReportOptions {
	job: Job;
	executionId: string;
	options: DemoOptions;
	saved: Saved;
}

export function buildReport({ job, executionId, options, saved }: ReportOptions): DemoReport {
	const upload = job.results.upload as UploadResult | undefined;
	const quality = job.results.quality as QualityResult | undefined;
	const playable =
		saved.file?.video_codec === 'h264' && saved.file.audio_codec === 'aac' && saved.file.duration_s > 0;
	return {
		ok: job.status === 'published' && saved.published && playable,
		video_id: job.video_id,
		execution_id: executionId,
		topic: options.topic,
		style: options.style,
		duration: options.duration,
		status: job.status,
		stages: job.stages,
		cost_usd: job.cost_usd,
		fallbacks: fallbacksOf(job),
		failure: job.failure,
		...(quality ? { quality } : {}),
		...(upload
			? { account_id: upload.account_id, quota: upload.quota, youtube_id: upload.youtube_id }
			: {}),
		watch_url: saved.watchUrl,
		watch_page: saved.watchPage,
		video_path: saved.videoPath,
		file: saved.file,
		mails: saved.mails,
		events: saved.events,
		seconds: 0,
	};
}

function fallbacksOf({ results }: Job): DemoReport['fallbacks'] {
	return Object.entries(results).flatMap(([stage, result]) => {
		const { tried = [] } = (result ?? {}) as { tried?: Tried[] };
		return tried.length > 1 ? [{ stage, tried }] : [];
	});
}

/** e.g. `openai failed (unavailable)` */
export function sayTried({ provider, model, outcome, error_class: why }: Tried): string {
	return outcome === 'used' ? `${provider} (${model}) did it` : `${provider} failed (${why ?? 'unknown'})`;
}
