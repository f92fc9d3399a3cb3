/** Pages for people: what was uploaded, and a page to watch each video. */
import { serveFile } from '../files';
import { PAGE_HEADERS } from '../html';
import type { Reply, Router } from '../service';
import { refusal } from './errors';
import type { YouTubeState } from './state';
import { indexPage } from './views/index-page';
import { missingPage } from './views/layout';
import { watchPage } from './views/watch-page';

/** Types that a browser may be told; anything else is called MP4, which is what the sandbox is sent. */
const PLAYABLE = /^video\/(mp4|webm|quicktime|x-matroska)$/;

export function mountPages(router: Router, state: YouTubeState): void {
	const open = { open: true };
	const page = (status: number, html: string): Reply => ({ status, headers: PAGE_HEADERS, body: Buffer.from(html) });

	router.on('GET', '/', () => page(200, indexPage(state)), open);
	router.on('GET', '/watch', ({ query }) => {
		const video = state.videos.get(query.get('v') ?? '');
		return video ? page(200, watchPage(state, video)) : page(404, missingPage());
	}, open);
	router.on(['GET', 'HEAD'], '/media/:id', (request) => {
		const video = state.videos.get(request.params.id ?? '');
		if (!video) throw refusal('notFound');
		const { path, contentType } = video.file;
		return serveFile(request, path, PLAYABLE.test(contentType) ? contentType : 'video/mp4');
	}, open);
}
