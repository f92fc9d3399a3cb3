/** YouTube's stand-in: sign-in, resumable upload, videos, thumbnails, quota, and pages to watch what was uploaded. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Service } from '../service';
import { mountAnalytics } from './analytics';
import { mountCaptions } from './captions';
import { mountConsent } from './consent';
import { mountControl } from './control';
import { errorBody } from './errors';
import { exchangeToken, refuseAccess } from './oauth';
import { mountPages } from './pages';
import { mountPlaylists } from './playlists';
import { quotaReport } from './quota';
import { privacyOf } from './resource';
import { youtubeState } from './state';
import { mountThumbnails } from './thumbnails';
import { mountUpload } from './upload';
import { mountVideos } from './videos';

export const youtube: Service = {
	name: 'youtube',
	errorBody,
	authenticate: (request, context) => refuseAccess(youtubeState(context), request),
	mount(router, context) {
		const state = youtubeState(context);
		router.on('POST', '/token', (request) => exchangeToken(state, request), { open: true });
		mountConsent(router, state);
		mountUpload(router, state);
		mountVideos(router, state);
		mountPlaylists(router, state);
		mountThumbnails(router, state);
		mountCaptions(router, state);
		mountAnalytics(router, state);
		mountPages(router, state);
		mountControl(router, state);
	},
	state(context) {
		const state = youtubeState(context);
		const now = context.clock.now();
		return {
			accounts: [...state.accounts().values()].map((account) => ({
				id: account.id,
				email: account.email,
				channel_id: account.channelId,
				channel_title: account.channelTitle,
				project: account.clientId,
				standing: account.standing,
				uploads_per_day: account.uploadsPerDay,
			})),
			videos: [...state.videos.values()].map((video) => ({
				id: video.id,
				account_id: video.accountId,
				channel_id: state.accounts().get(video.accountId)?.channelId,
				bytes: video.file.bytes,
				sha256: video.file.sha256,
				content_type: video.file.contentType,
				privacy_status: privacyOf(video, now),
				metadata: video.metadata,
				notify_subscribers: video.notifySubscribers,
				thumbnail: video.thumbnail && { bytes: video.thumbnail.bytes, sha256: video.thumbnail.sha256 },
				duration_s: video.facts?.seconds,
				width: video.facts?.width,
				height: video.facts?.height,
				uploaded_at: new Date(video.uploadedAt).toISOString(),
				watch_url: `${context.baseUrl('youtube')}/watch?v=${video.id}`,
			})),
			captions: [...state.captions.values()],
			playlist_items: [...state.playlistEntries.values()],
			sessions: [...state.sessions.values()].map((session) => ({
				id: session.opening.id,
				account_id: session.opening.accountId,
				kept: session.kept,
				total: session.total,
				sha256: session.sha256(),
				finished: session.finished !== undefined,
				lost: session.lost,
			})),
			quota: quotaReport(state),
			settings: state.settings(),
		};
	},
	async reset(context) {
		for (const folder of ['uploads', 'videos', 'thumbnails']) {
			await rm(join(context.dataDir, folder), { recursive: true, force: true });
		}
	},
};
