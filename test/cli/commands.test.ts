/** The command as real processes, against a stand-in for n8n and a real store. */
import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it, vi } from 'vitest';

import { recordCost } from '../../core/cost/ledger';
import { queueJob } from '../../core/jobs/queue';
import { validateRequest, type VideoRequest } from '../../core/jobs/request';
import { runStage } from '../../core/jobs/stage';
import { systemClock } from '../../core/clock';
import { openStore, type Store } from '../../core/store/store';
import { command, startCommand } from '../support/command';
import { fakeN8n, type FakeN8n } from '../support/fake-n8n';
import { healthyFactory } from '../support/healthy-factory';
import { describeWhere } from '../support/left-out';
import { temporaryFolder } from '../support/store';

// each command is a process that compiles itself
vi.setConfig({ testTimeout: 120_000 });

/** What steers a terminal: escape sequences of both kinds, a bell, a carriage return, and text that turns around. */
const HOSTILE = 'Volcanoes \u001b[2J\u001b]0;owned\u0007\u009b31m\r\u202egnihton';

// eslint-disable-next-line no-control-regex -- control characters are what must not be there
const STEERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const request = (about: object): VideoRequest => {
	const validation = validateRequest(about);
	if (!validation.valid) throw new Error(JSON.stringify(validation.issues));
	return validation.request;
};

async function storeIn(folder: string): Promise<Store & { file: string }> {
	const file = join(folder, 'ytempire.sqlite');
	return { ...(await openStore({ file, clock: systemClock })), file };
}

const cost = (micro: number) => ({ provider: 'openai', model: 'gpt', units: {}, micro_usd: micro, basis: 'billed' as const });

/** Three videos: one published, one failed, one that was only asked for; its topic steers terminals. */
async function storeWithVideos(): Promise<string> {
	const store = await storeIn(await temporaryFolder());
	for (const [id, topic] of [['one', 'How volcanoes work'], ['two', 'Why geysers'], ['three', 'Later']] as const) {
		await queueJob(store, { ...request({ video_id: id, topic }), ...(id === 'three' ? { topic: HOSTILE } : {}) }, 'test');
	}
	const stage = { store, holder: 'test', input: 1 };
	await runStage({ ...stage, videoId: 'one', stage: 'script', work: async ({ recordCost: record }) => await record(cost(2500)) });
	await runStage({ ...stage, videoId: 'one', stage: 'upload', work: async () => ({ youtube_url: 'https://youtu.be/abc' }), statusAfter: () => 'published' });
	await runStage({ ...stage, videoId: 'two', stage: 'voice', work: async () => { throw new Error(`No key ${HOSTILE} sk-abcdef123456`); } }).catch(() => undefined);
	await recordCost(store, { videoId: '', stage: 'other' }, cost(1_000_000));
	await store.close();
	return store.file;
}

const queued = (id: string, disposition = 'created') => ({
	success: true, workflow_id: 'workflow_001', execution_id: '5', video_id: id, status: 'queued', disposition,
	stage: '', stages: [], cost_usd: 0, failure: null, youtube_url: null,
});

const envFor = (n8n: FakeN8n) => ({ YTEMPIRE_N8N_URL: n8n.url, YTEMPIRE_WEBHOOK_KEY: n8n.webhookKey.value });

describe('ytempire jobs, status and costs', () => {
	it('tell what is in the store, and never let a topic steer the terminal', async () => {
		const file = await storeWithVideos();
		const before = await readFile(file);
		const store = ['--store', file];
		const [jobs, failed, one, overview, costs, allCosts, json] = await Promise.all([
			command(['jobs', ...store]),
			command(['jobs', '--status', 'failed', '--json'], { env: { YTEMPIRE_STORE_FILE: file } }),
			command(['status', 'one', 'two', 'nobody', ...store]),
			command(['status', ...store]),
			command(['costs', '--by', 'stage', ...store]),
			command(['costs', '--json', ...store]),
			command(['status', 'three', '--json', ...store]),
		]);
		expect(jobs).toMatchObject({ code: 0, said: '' });
		expect(jobs.out).toMatch(/one +published +upload +\$0\.0025 +How volcanoes work/);
		expect(jobs.out).toContain('Volcanoes [2J]0;owned31m gnihton');
		expect(JSON.parse(failed.out).jobs).toMatchObject([{ video_id: 'two', status: 'failed', failure: { stage: 'voice' } }]);
		expect(one.code).toBe(1);
		expect(one.out).toMatch(/✔ script .*\$0\.0025.*openai/);
		expect(one.out).toContain('https://youtu.be/abc');
		expect(one.said).toContain('nobody is not in the store');
		expect(overview).toMatchObject({ code: 0 });
		expect(overview.out).toContain('1 queued, 0 running, 1 published, 0 flagged, 1 failed');
		expect(costs.out).toMatch(/^\$1\.00 from .*; 1 published, \$1\.00 each/);
		expect(costs.out).toMatch(/script +\$0\.0025 +0\.2 %/);
		expect(JSON.parse(allCosts.out)).toMatchObject({ cost_usd: 1.0025, published: 1 });
		expect(JSON.parse(json.out).jobs[0].request.topic).toBe(HOSTILE);
		for (const { out, said } of [jobs, failed, one, overview, costs, json]) {
			expect(out.replaceAll('\n', '') + said.replaceAll('\n', '')).not.toMatch(STEERS);
			expect(out + said).not.toContain('sk-abcdef123456');
		}
		expect(await readFile(file)).toEqual(before);
	});

	it('find the store of n8n’s own folder, and say when there is none, without making one', async () => {
		const folder = await temporaryFolder();
		const missing = await command(['jobs'], { env: { N8N_USER_FOLDER: folder } });
		expect(missing).toMatchObject({ code: 1, out: '' });
		expect(missing.said).toContain('There is no YTEMPIRE store at');
		const asJson = await command(['jobs', '--json'], { env: { N8N_USER_FOLDER: folder } });
		expect(JSON.parse(asJson.out)).toMatchObject({ error: { message: expect.stringContaining('There is no YTEMPIRE store'), cure: expect.any(String) }, exit_code: 1 });
		await expect(stat(join(folder, '.n8n'))).rejects.toThrow();
		await mkdir(join(folder, '.n8n'));
		await (await storeIn(join(folder, '.n8n', 'ytempire'))).close();
		expect(await command(['jobs', '--json'], { env: { N8N_USER_FOLDER: folder } })).toEqual({ code: 0, out: '{"jobs":[]}\n', said: '' });
	});

	it.each([
		['an option that there isn’t', ['jobs', '--nothing']],
		['a command that there isn’t', ['frobnicate']],
		['a status that there isn’t', ['jobs', '--status', 'done']],
		['a number that isn’t one', ['jobs', '--limit', '-3']],
		['no command', []],
		['an address that isn’t one', ['generate', 'topic', '--n8n', 'ftp://x']],
		['a key file that can’t be read', ['generate', 'topic', '--webhook-key-file', '/nonexistent/key']],
		['a topic and a list', ['generate', 'topic', '--file', 'x.csv']],
	])('end with 2 on %s, and say so as JSON where it is wanted', async (_what, args) => {
		const [ended, asJson] = await Promise.all([command(args), command([...args, '--json'])]);
		expect([ended.code, asJson.code]).toEqual([2, 2]);
		expect(JSON.parse(asJson.out)).toMatchObject(args.length === 0 ? { help: expect.any(String) } : { error: { error_class: expect.any(String), message: expect.any(String) }, exit_code: 2 });
	});
});

describe('ytempire generate', () => {
	it('asks for one video, under an ID that its content decides, with the key from a file', async () => {
		const n8n = await fakeN8n({ webhook: (_path, { video_id: id }) => ({ status: 202, body: queued(id) }) });
		const key = join(await temporaryFolder(), 'key');
		await writeFile(key, `${n8n.webhookKey.value}\n`, { mode: 0o600 });
		const args = ['generate', 'Why volcanoes', '--style', 'calm', '--format', '9:16', '--n8n', n8n.url, '--webhook-key-file', key];
		const first = await command([...args, '--json']);
		const again = await command(args);
		expect(n8n.worked).toHaveLength(2);
		expect(n8n.worked[0]).toEqual(n8n.worked[1]);
		const id = (n8n.worked[0] as VideoRequest).video_id;
		expect(n8n.worked[0]).toMatchObject({ topic: 'Why volcanoes', style: 'calm', options: { format: '9:16' } });
		expect(JSON.parse(first.out)).toMatchObject({ taken_in: 1, total: 1, videos: [{ video_id: id, status: 'queued', execution_id: '5' }] });
		expect(again).toEqual({ code: 0, out: '', said: `${id}  taken in  Why volcanoes\n` });
		await chmod(key, 0o644);
		expect((await command(args)).said).toContain(`others can read it: chmod 600 ${key}`);
	});

	it('asks for every video of a list, or for none when a line is wrong', async () => {
		const n8n = await fakeN8n({ webhook: (_path, { video_id: id }) => ({ status: 202, body: queued(id) }) });
		const wrong = await command(['generate', '--file', '-'], { env: envFor(n8n), stdin: 'topic,style\nVolcanoes,calm\nGeysers,\u001b[31mloud\n' });
		expect(wrong).toMatchObject({ code: 2, out: '' });
		expect(wrong.said).toContain('line 3, style: one of');
		expect(n8n.requests).toEqual([]);
		const right = await command(['generate', '--file', '-', '--jsonl', '--json'], {
			env: envFor(n8n),
			stdin: '{"video_id":"a","topic":"Volcanoes"}\n{"video_id":"b","topic":"Geysers"}\n',
		});
		expect(right.code).toBe(0);
		expect(JSON.parse(right.out)).toMatchObject({ taken_in: 2, videos: [{ video_id: 'a' }, { video_id: 'b' }] });
	});

	it('says what was not taken in, shows no key, and stops when the next would fail as well', async () => {
		const n8n = await fakeN8n();
		const env = { ...envFor(n8n), YTEMPIRE_WEBHOOK_KEY: 'wrong-key-98765' };
		const { code, out, said } = await command(['generate', '--file', '-', '--json'], { env, stdin: 'topic\nVolcanoes\nGeysers\n' });
		expect(code).toBe(1);
		expect(JSON.parse(out)).toMatchObject({ taken_in: 0, total: 2 });
		expect(said).toContain('does not let this caller in');
		expect(n8n.requests).toHaveLength(1);
		expect(out + said).not.toContain('wrong-key-98765');
	});

	it('asks for the next video when the plan of the customer of one is used up', async () => {
		const n8n = await fakeN8n({
			webhook: (_path, { video_id: id }) =>
				id === 'a' ? { status: 402, body: { success: false, error: 'The plan allows no more today', reason: 'plan-videos', cure: 'Tomorrow' } } : { status: 202, body: queued(id) },
		});
		const { code, out, said } = await command(['generate', '--file', '-', '--json'], { env: envFor(n8n), stdin: 'topic,video_id\nVolcanoes,a\nGeysers,b\n' });
		expect(code).toBe(1);
		expect(JSON.parse(out)).toMatchObject({ taken_in: 1, total: 2, videos: [{ video_id: 'a', disposition: null }, { video_id: 'b', disposition: 'created' }] });
		expect(said).toContain('The plan allows no more today');
	});

	it('does not wait for a video in a store that is not n8n’s', async () => {
		const store = await storeIn(await temporaryFolder());
		await store.close();
		const n8n = await fakeN8n({ webhook: (_path, { video_id: id }) => ({ status: 202, body: queued(id) }) });
		const lost = await command(['generate', 'Volcanoes', '--id', 'elsewhere', '--wait', '--json', '--store', store.file], { env: envFor(n8n) });
		expect(lost).toMatchObject({ code: 1, said: expect.stringContaining('elsewhere is not in this store') });
		expect(JSON.parse(lost.out)).toMatchObject({ taken_in: 1 });
	});

	it('follows the videos stage by stage until they are done, and its exit code says how they ended', async () => {
		const store = await storeIn(await temporaryFolder());
		const make = async (id: string) => {
			await queueJob(store, request({ video_id: id, topic: 'Volcanoes' }), 'test');
			const stage = { store, holder: 'test', input: 1, videoId: id };
			await runStage({ ...stage, stage: 'script', work: async ({ recordCost: record }) => await record(cost(2500)) });
			if (id === 'bad') await runStage({ ...stage, stage: 'voice', work: async () => { throw new Error('No voice'); } }).catch(() => undefined);
			else await runStage({ ...stage, stage: 'upload', work: async () => ({ youtube_url: `https://youtu.be/${id}` }), statusAfter: () => 'published' });
		};
		const n8n = await fakeN8n({
			webhook: (_path, { video_id: id }) => {
				void make(id);
				return { status: 202, body: queued(id) };
			},
		});
		const wait = async (id: string) => await command(['generate', 'Volcanoes', '--id', id, '--wait', '--json', '--store', store.file], { env: envFor(n8n) });
		const [good, bad] = await Promise.all([wait('good'), wait('bad')]);
		expect(good).toMatchObject({ code: 0 });
		expect(good.said).toMatch(/good {2}✔ {2}script {2}\d\.\d s {2}\$0\.0025\n[^]*good {2}published {2}https:\/\/youtu\.be\/good/);
		expect(JSON.parse(good.out)).toMatchObject({ videos: [{ status: 'published', youtube_url: 'https://youtu.be/good', cost_usd: 0.0025 }] });
		expect(bad).toMatchObject({ code: 1, said: expect.stringMatching(/bad {2}failed .*No voice/) });
		expect(JSON.parse(bad.out)).toMatchObject({ videos: [{ status: 'failed', failure: { stage: 'voice', reason: 'No voice' } }] });
		await store.close();
	});

	it('says what was taken in also when it can’t follow it', async () => {
		const n8n = await fakeN8n({ webhook: (_path, { video_id: id }) => ({ status: 202, body: queued(id) }) });
		const lost = await command(['generate', 'Volcanoes', '--id', 'lost', '--wait', '--json', '--store', '/nonexistent/store.sqlite'], { env: envFor(n8n) });
		expect(lost).toMatchObject({ code: 1, said: expect.stringContaining('There is no YTEMPIRE store') });
		expect(JSON.parse(lost.out)).toMatchObject({ taken_in: 1, videos: [{ video_id: 'lost', status: 'queued' }] });
	});

	it('ends with 3 on Ctrl-C while it waits, and leaves n8n to go on', async () => {
		const store = await storeIn(await temporaryFolder());
		await queueJob(store, request({ video_id: 'slow', topic: 'Volcanoes' }), 'test');
		await store.close();
		const n8n = await fakeN8n({ webhook: (_path, { video_id: id }) => ({ status: 202, body: queued(id) }) });
		const { child, ended } = startCommand(['generate', 'Volcanoes', '--id', 'slow', '--wait', '--store', store.file], { env: envFor(n8n) });
		child.stderr!.once('data', () => setTimeout(() => child.kill('SIGINT'), 300));
		expect(await ended).toMatchObject({ code: 3, said: expect.stringContaining('n8n goes on') });
	});
});

describe('ytempire doctor', () => {
	it('says what is wrong with its cure and ends with 1, or that nothing is, and ends with 0', async () => {
		const { n8n, file } = await healthyFactory();
		const env = { ...envFor(n8n), YTEMPIRE_N8N_API_KEY: n8n.apiKey, YTEMPIRE_STORE_FILE: file };
		const { code, out } = await command(['doctor', '--min-free-gb', '999999'], { env });
		expect(code).toBe(1);
		expect(out).toMatch(/✘ disk .*GB should be\n +Remove folders/);
		const json = await command(['doctor', '--json'], { env: { ...env, YTEMPIRE_WEBHOOK_KEY: 'wrong-key-98765' } });
		const { healthy, findings } = JSON.parse(json.out);
		expect(healthy).toBe(false);
		expect(findings).toContainEqual({ check: 'webhook-key', level: 'fault', message: expect.any(String), cure: expect.any(String) });
		expect(out + json.out + json.said).not.toMatch(/wrong-key-98765|fake-api-key/);
	});
});

describe('ytempire completion', () => {
	const inBash = async (...words: string[]) => {
		const folder = await temporaryFolder();
		const script = join(folder, 'completion.bash');
		await writeFile(script, (await command(['completion', 'bash'])).out);
		const line = words.map((word) => `'${word}'`).join(' ');
		const { stdout } = await promisify(execFile)('bash', ['-c', `source ${script}; COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _ytempire; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p ytempire`], { cwd: resolve('.') });
		return stdout.trim().split('\n');
	};

	it('completes commands, options, their values and files in a real bash', async () => {
		expect(await inBash('ytempire', 'do')).toEqual(['doctor', 'complete -F _ytempire ytempire']);
		expect(await inBash('ytempire', 'accounts', 'c')).toContain('connect');
		expect(await inBash('ytempire', 'accounts', 'connect', '--re')).toContain('--redirect');
		expect((await inBash('ytempire', 'generate', '--style', 'c')).slice(0, -1)).toEqual(['casual', 'calm']);
		expect((await inBash('ytempire', 'jobs', '--status', 'f')).slice(0, -1)).toEqual(['flagged', 'failed']);
		expect(await inBash('ytempire', 'generate', '--file', 'packa')).toContain('package.json');
		expect((await inBash('ytempire', 'completion', 'z')).slice(0, -1)).toEqual(['zsh']);
	});

	it('refuses a shell that it doesn’t know', async () => {
		expect((await command(['completion', 'fish'])).code).toBe(2);
	});

	it('gives its script as JSON, too', async () => {
		const [script, json] = await Promise.all([command(['completion', 'zsh']), command(['completion', 'zsh', '--json'])]);
		expect(JSON.parse(json.out)).toEqual({ shell: 'zsh', script: script.out });
	});
});

describeWhere('ytempire completion in zsh', spawnSync('zsh', ['--version']).status === 0 ? [] : ['zsh is not installed (apt-get install -y zsh)'], () => {
	/** What an interactive zsh makes of a line when Tab is pressed behind it; nothing of the user's is read. */
	async function inZsh(line: string, until: string): Promise<string> {
		const folder = await temporaryFolder();
		await writeFile(join(folder, 'completion.zsh'), (await command(['completion', 'zsh'])).out);
		const driver = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1='> '; cd ${resolve('.')}; autoload -Uz compinit; compinit -u -d ${folder}/dump; source ${folder}/completion.zsh; print -r -- is-$((1+1))-ready"
zpty -r shell answer '*is-2-ready*'
zpty -w -n shell $'${line}\t'
zpty -r shell answer '*${until}*'
print -r -- "$answer"
zpty -d shell`;
		const { stdout } = await promisify(execFile)('zsh', ['-f', '-c', driver], { timeout: 60_000, env: { PATH: process.env.PATH, HOME: folder, TERM: 'dumb' } });
		return stdout;
	}

	it.each([
		['ytempire do', 'doctor'],
		['ytempire accounts connect --redi', '--redirect'],
		['ytempire generate --style ener', 'energetic'],
		['ytempire generate --file package-l', 'package-lock.json'],
		['ytempire completion z', 'zsh'],
	])('completes "%s" to "%s", without a word of complaint', async (line, word) => {
		const screen = await inZsh(line, word);
		expect(screen).toContain(word);
		expect(screen).not.toMatch(/inconsistent|not found|bad |error/i);
	});
});
