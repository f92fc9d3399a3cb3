/** Lists of videos from hostile and from honest files. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { readVideoList } from '../../../core/client/video-list';
import { isYtempireError, type FieldIssue } from '../../../core/errors';
import { temporaryFolder } from '../../support/store';

const csv = async (text: Buffer | string) => await readVideoList({ from: Readable.from([Buffer.from(text)]), kind: 'csv' });
const jsonl = async (text: string) => await readVideoList({ from: Readable.from([Buffer.from(text)]), kind: 'jsonl' });

async function issuesOf(work: Promise<unknown>): Promise<FieldIssue[]> {
	const error = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (!isYtempireError(error)) throw new Error('no YtempireError', { cause: error });
	expect(error).toMatchObject({ errorClass: 'invalid-request', reason: 'video-list' });
	expect(JSON.stringify(error.issues)).not.toMatch(/\\u001b|\\u0000/);
	return error.issues;
}

describe('a list of videos', () => {
	it('takes what spreadsheets write: a byte order mark, quotes, line breaks in them, empty lines, other line ends', async () => {
		const text = '\ufeffTopic,Duration,language,made_for_kids,quality_threshold,video_id\r\n"Why, ""really""?\nBecause",30,pt-BR,TRUE,0.8,\r\n\r\nSecond one,,,,,two\r\n';
		const [first, second] = await csv(text);
		expect(first).toMatchObject({ topic: 'Why, "really"?\nBecause', duration: 30, options: { language: 'pt-BR', made_for_kids: true, quality_threshold: 0.8 } });
		expect(first!.video_id).toMatch(/^why-really-because-[0-9a-f]{10}$/);
		expect(second).toMatchObject({ video_id: 'two', topic: 'Second one', duration: 60 });
		expect(await csv('topic;style\nVolcanoes;calm\n')).toMatchObject([{ topic: 'Volcanoes', style: 'calm' }]);
	});

	it('gives the same content the same ID, whatever the order of its columns', async () => {
		const [one] = await csv('topic,style\nVolcanoes,calm\n');
		const [same] = await csv('style,topic\ncalm,Volcanoes\n');
		const [other] = await csv('topic,style\nVolcanoes,casual\n');
		expect(same!.video_id).toBe(one!.video_id);
		expect(other!.video_id).not.toBe(one!.video_id);
		expect((await csv('topic\n火山はなぜ\n'))[0]!.video_id).toMatch(/^video-[0-9a-f]{10}$/);
	});

	it('gives the same content the same ID for whatever time it is planned, and leaves a time that has passed to n8n', async () => {
		const [first] = await csv('topic,publish_at\nVolcanoes,2027-01-31T18:00:00Z\n');
		const [later] = await csv('topic,publish_at\nVolcanoes,2027-02-01T18:00:00Z\n');
		const [passed] = await csv('topic,publish_at\nVolcanoes,2026-01-01T18:00:00Z\n');
		const [none] = await csv('topic\nVolcanoes\n');
		expect(new Set([first, later, passed, none].map((one) => one!.video_id)).size).toBe(1);
		expect(passed!.publish_at).toBe('2026-01-01T18:00:00Z');
	});

	it('passes a formula on as the text that it is', async () => {
		expect(await csv(`topic\n"=HYPERLINK(""http://x"",""y"")"\n`)).toMatchObject([{ topic: '=HYPERLINK("http://x","y")' }]);
	});

	it.each([
		['a column that nobody knows', 'topic,colour\na topic,red\n', 'column 2', 'colour'],
		['a column named like what every object has', 'topic,__proto__\na topic,1\n', 'column 2', '__proto__'],
		['a column twice', 'topic,topic\nabc,def\n', 'column 2', 'twice'],
		['no names of columns', 'Why volcanoes erupt\nAnd more\n', 'column 1', 'none of'],
		['more fields than names', 'topic,style\nWhy, really,calm\n', 'line 2', '3 columns'],
		['a style that isn’t one', 'topic,style\nVolcanoes,=cmd|calc\n', 'line 2, style', 'one of'],
		['a duration in words', 'topic,duration\nVolcanoes,long\n', 'line 2, duration', 'number'],
		['control characters in a topic', 'topic\nVol\u001b[2Jcanoes\n', 'line 2, topic', 'no control characters'],
		['a NUL in a topic', 'topic\nVol\u0000canoes\n', 'line 2, topic', 'no control characters'],
		['an ID that would leave its folder', 'topic,video_id\nVolcanoes,../../etc\n', 'line 2, video_id', 'letters'],
		['one video twice', 'topic,video_id\nVolcanoes,a\nGeysers,a\n', 'line 3, video_id', 'line 2'],
		['the same content twice', 'topic\nVolcanoes\nVolcanoes\n', 'line 3, video_id', 'line 2'],
		['a quote that never ends', 'topic\n"Volcanoes\n', 'file', 'Quote Not Closed'],
		['an endless field', `topic\n${'x'.repeat(70_000)}\n`, 'file', 'Max Record Size'],
		['nothing', '', 'file', 'no video'],
		['only names', 'topic\n', 'file', 'no video'],
	])('refuses %s, naming the place', async (_what, text, field, reason) => {
		expect(await issuesOf(csv(text))).toContainEqual({ field, reason: expect.stringContaining(reason) });
	});

	it('refuses what is too much: videos, bytes, problems', async () => {
		const many = Array.from({ length: 1001 }, (_one, index) => `topic number ${index}`).join('\n');
		expect(await issuesOf(csv(`topic\n${many}\n`))).toEqual([{ field: 'file', reason: 'more than 1000 videos' }]);
		expect(await issuesOf(csv(Buffer.alloc(17 * 1024 * 1024, 'a\n')))).not.toEqual([]);
		expect(await issuesOf(jsonl('x'.repeat(17 * 1024 * 1024)))).toEqual([{ field: 'file', reason: 'larger than 16 MiB' }]);
		expect((await issuesOf(csv(`topic\n${'a\n'.repeat(500)}`))).length).toBeLessThanOrEqual(51);
	});

	it('refuses bytes that are no text', async () => {
		expect(await issuesOf(csv(Buffer.from([0xff, 0xfe, 0x00, 0x01, 0x02, 0x0a])))).toContainEqual({ field: 'column 1', reason: expect.any(String) });
	});

	it('reads JSON lines as the webhook takes them, and names the lines that are none', async () => {
		const good = '{"topic":"Volcanoes","options":{"format":"9:16"}}\n\n{"video_id":"b","topic":"Geysers"}';
		expect(await jsonl(good)).toMatchObject([{ topic: 'Volcanoes', options: { format: '9:16' } }, { video_id: 'b' }]);
		expect(await issuesOf(jsonl('{"topic":"Volcanoes"}\n{oops\n[1]\n{"topic":"abc","__proto__x":1}\n'))).toEqual([
			{ field: 'line 2', reason: 'not JSON' },
			{ field: 'line 3, body', reason: 'a JSON object' },
			{ field: 'line 4, __proto__x', reason: 'unknown field' },
		]);
	});

	it('reads files, and says when there is none', async () => {
		const path = join(await temporaryFolder(), 'videos.csv');
		await writeFile(path, 'topic\nVolcanoes\n');
		expect(await readVideoList({ from: path, kind: 'csv' })).toHaveLength(1);
		for (const kind of ['csv', 'jsonl'] as const) {
			expect(await issuesOf(readVideoList({ from: `${path}.missing`, kind }))).toEqual([{ field: 'file', reason: expect.stringContaining('ENOENT') }]);
		}
	});
});
