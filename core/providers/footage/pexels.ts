/** Pexels: free stock videos. Limits: 200 requests an hour, 20,000 a month. */
import type { MediaFile } from '../../documents';
import { YtempireError } from '../../errors';
import { httpRequest } from '../../http';
import { retry } from '../../retry';
import type { FfmpegTools } from '../../video/ffmpeg';
import { z } from '../../vendor/zod';
import { downloadClip } from './download';
import type { FootageCandidate, FootageProvider, FootageRendition, FootageSearch } from './footage';
import { FOOTAGE_LICENSES } from './licenses';
import { searchWords } from './rank';

export const PEXELS_URL = 'https://api.pexels.com';

export interface PexelsOptions {
	apiKey: string;
	/** Default: Pexels itself. */
	baseUrl?: string;
	/** Where downloads are kept. */
	cacheDir: string;
	tools: FfmpegTools;
	/** Bytes of one clip at most; see `downloadClip`. */
	maxClipBytes?: number;
}

const MAX_PER_PAGE = 80;

/** Smallest widths of Pexels' size classes: large is 4K, medium Full HD, small HD. */
const SIZE_CLASSES = [
	{ size: 'large', width: 3840 },
	{ size: 'medium', width: 1920 },
	{ size: 'small', width: 1280 },
] as const;

const answerSchema = z.object({
	videos: z.array(
		z.object({
			id: z.number().int(),
			width: z.number(),
			height: z.number(),
			duration: z.number(),
			url: z.string(),
			user: z.object({ name: z.string(), url: z.string() }),
			video_files: z.array(
				z.object({
					file_type: z.string().nullish(),
					width: z.number().nullish(),
					height: z.number().nullish(),
					fps: z.number().nullish(),
					link: z.string(),
				}),
			),
		}),
	),
});

type PexelsVideo = z.infer<typeof answerSchema>['videos'][number];

export function pexels(options: PexelsOptions): FootageProvider {
	const baseUrl = (options.baseUrl || PEXELS_URL).replace(/\/+$/, '');
	return {
		name: 'pexels',

		async searchVideos(query: string, search: FootageSearch): Promise<FootageCandidate[]> {
			const { body } = await retry(
				() =>
					httpRequest({
						provider: 'pexels',
						method: 'GET',
						url: `${baseUrl}/videos/search`,
						headers: { Authorization: options.apiKey },
						query: {
							query,
							orientation: search.orientation,
							size: SIZE_CLASSES.find(({ width }) => search.minWidth >= width)?.size,
							per_page: Math.min(search.perPage ?? 15, MAX_PER_PAGE),
						},
						signal: search.signal,
					}),
				{ signal: search.signal },
			);
			const parsed = answerSchema.safeParse(body);
			if (!parsed.success) {
				throw new YtempireError('unavailable', "pexels' answer does not have the shape it should have", {
					provider: 'pexels',
					reason: 'malformed-answer',
					cure: 'Run it again; if it lasts, check the base URL in the credential.',
				});
			}
			return parsed.data.videos.map(asCandidate);
		},

		obtain(
			candidate: FootageCandidate,
			rendition: FootageRendition,
			{ signal }: { signal?: AbortSignal },
		): Promise<MediaFile> {
			return downloadClip({
				provider: 'pexels',
				key: `${candidate.id}-${rendition.width}x${rendition.height}-${rendition.fps}`,
				url: rendition.url,
				expectedDurationS: candidate.durationS,
				isAllowed: (url) => isPexels(url) || url.origin === new URL(baseUrl).origin,
				maxBytes: options.maxClipBytes,
				cacheDir: options.cacheDir,
				tools: options.tools,
				signal,
			});
		},
	};
}

function isPexels({ protocol, hostname, port }: URL): boolean {
	return protocol === 'https:' && port === '' && /(?:^|\.)pexels\.com$/.test(hostname);
}

function asCandidate(video: PexelsVideo, rank: number): FootageCandidate {
	return {
		provider: 'pexels',
		id: String(video.id),
		durationS: video.duration,
		width: video.width,
		height: video.height,
		// clips have no title; the page's address ends in one: /video/waves-on-a-shore-1234/
		words: searchWords(lastSegment(video.url).replaceAll('-', ' ')).filter((word) => word !== String(video.id)),
		rank,
		// playlists (hls) have no size and are no file
		renditions: video.video_files.flatMap(({ file_type, width, height, fps, link }) =>
			file_type === 'video/mp4' && width && height ? [{ url: link, width, height, fps: fps ?? 0 }] : [],
		),
		pageUrl: video.url,
		author: video.user.name,
		authorUrl: video.user.url,
		license: FOOTAGE_LICENSES.pexels.text,
	};
}

function lastSegment(url: string): string {
	return url.split('/').filter(Boolean).at(-1) ?? '';
}
