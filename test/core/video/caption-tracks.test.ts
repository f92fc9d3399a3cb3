/** Subtitle files say what is said, and nothing in a cue ends it early. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { srtText, vttText, writeSubtitles } from '../../../core/video/caption-tracks';
import { findFfmpeg, probe } from '../../../core/video/ffmpeg';

const cues = [
	{ start_s: 0, end_s: 1.2345, text: 'Lava cools,\nand becomes stone.' },
	{ start_s: 3599.9996, end_s: 3602, text: 'A & B <i>x</i> --> {\\an8}\n\n\u0000 1 < 2' },
];

describe('SRT', () => {
	it('numbers its cues and has commas in its times', () => {
		expect(srtText(cues)).toBe(
			'1\n00:00:00,000 --> 00:00:01,235\nLava cools,\nand becomes stone.\n\n' +
				'2\n01:00:00,000 --> 01:00:02,000\nA & B ‹i>x‹/i> → (\\an8}\n  1 < 2\n',
		);
	});
});

describe('WebVTT', () => {
	it('escapes markup and has points in its times', () => {
		expect(vttText(cues)).toBe(
			'WEBVTT\n\n00:00:00.000 --> 00:00:01.235\nLava cools,\nand becomes stone.\n\n' +
				'01:00:00.000 --> 01:00:02.000\nA &amp; B &lt;i&gt;x&lt;/i&gt; → {\\an8}\n  1 &lt; 2\n',
		);
	});
});

describe('the files', () => {
	it('are written beside the video and read as subtitles', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'ytempire-subtitles-'));
		const { srt, vtt } = await writeSubtitles(join(folder, 'video'), cues);
		expect(await readFile(srt.path, 'utf8')).toBe(srtText(cues));
		expect([srt.mime, vtt.mime]).toEqual(['application/x-subrip', 'text/vtt']);
		const tools = await findFfmpeg();
		expect((await probe(tools, srt.path)).formatName).toBe('srt');
		expect((await probe(tools, vtt.path)).formatName).toBe('webvtt');
		await rm(folder, { recursive: true });
	});
});
