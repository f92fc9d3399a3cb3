/** The plainest upload there is: curl sends the whole file in one PUT to a session that is open already. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { Link } from '../link/link';
import type { BenchVideo } from './video';

const run = promisify(execFile);

/**
 * @param token of an account of the sandbox
 * @throws Error when it isn't taken
 */
export async function uploadByCurl(sandboxUrl: string, link: Link, token: string, video: BenchVideo): Promise<void> {
	const opened = await fetch(`${sandboxUrl}/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status`, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${token}`,
			'content-type': 'application/json',
			'x-upload-content-length': String(video.bytes),
			'x-upload-content-type': 'video/mp4',
		},
		body: JSON.stringify({ snippet: { title: 'Sent by curl', categoryId: '27' }, status: { privacyStatus: 'private' } }),
	});
	if (!opened.ok) throw new Error(`The sandbox opened no session for curl: ${opened.status} ${await opened.text()}`);
	const { pathname, search } = new URL(opened.headers.get('location') ?? '');
	await run('curl', [
		...['--silent', '--show-error', '--fail'],
		...['--cacert', link.certificateFile, '--connect-to', `www.googleapis.com:443:127.0.0.1:${link.port}`],
		// it would wait for the server's leave before the first byte
		...['--header', 'Expect:', '--header', 'Content-Type: video/mp4', '--header', `Authorization: Bearer ${token}`],
		...['--upload-file', video.path, '--output', '/dev/null'],
		`https://www.googleapis.com${pathname}${search}`,
	]);
}
