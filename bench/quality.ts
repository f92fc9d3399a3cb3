/** A minute at 1080p30 judged: all measures in one decoding pass, against the same measures one pass each. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { judge } from '../core/quality/check';
import type { Expected } from '../core/quality/gate';
import { measure as measureVideo, MEASURES, type Measurements } from '../core/quality/measure';
import { findFfmpeg, runFfmpeg, type FfmpegTools } from '../core/video/ffmpeg';
import { figure, inTurns, median, type Figure } from './report';

const SECONDS = 60;
const ROUNDS = 3;

/** A fault of each kind, so that equal verdicts say something. Seconds, from and to. */
const FAULTS = { black: [10, 13], frozen: [25, 31], silent: [40, 45] } as const;

const EXPECTED: Expected = { durationS: SECONDS, width: 1920, height: 1080, fps: 30 };

export async function measure(): Promise<Figure[]> {
	const folder = mkdtempSync(join(tmpdir(), 'ytempire-bench-'));
	try {
		const tools = await findFfmpeg();
		const path = join(folder, 'video.mp4');
		await makeVideo(tools, path);
		const log = join(folder, 'times.log');
		const counted = { ...tools, ffmpeg: timed(folder, tools.ffmpeg, log) };
		const verdicts = { together: '', apart: '' };
		const cost = async (name: keyof typeof verdicts, run: () => Promise<Measurements>) => {
			writeFileSync(log, '');
			const [began, own] = [performance.now(), process.cpuUsage()];
			const measured = await run();
			const seconds = (performance.now() - began) / 1000;
			const { user, system } = process.cpuUsage(own);
			verdicts[name] = JSON.stringify(judge(measured, EXPECTED));
			return [processorSeconds(log) + (user + system) / 1e6, seconds];
		};
		const runs = await inTurns(ROUNDS, {
			together: async () => await cost('together', async () => await measureVideo(counted, path)),
			apart: async () => await cost('apart', async () => await onePassEach(counted, path)),
		});
		const of = (way: 'apart' | 'together', index: number) => median(runs[way].map((run) => run[index] ?? 0));
		return [
			figure('length of the video', SECONDS, 's'),
			figure('processor time of all measures', of('together', 0), 's', { peer: of('apart', 0) }),
			figure('of it against one pass for each measure', of('together', 0) / of('apart', 0), 'x', { atMost: 0.6 }),
			figure('wall time of all measures', of('together', 1), 's', { peer: of('apart', 1) }),
			figure("of it against the video's length", of('together', 1) / SECONDS, 'x', { atMost: 0.25 }),
			figure('verdicts that differ between the two ways', verdicts.together === verdicts.apart ? 0 : 1, '', { atMost: 0 }),
			figure('faults found of those made', found(verdicts.together), '', { atLeast: Object.keys(FAULTS).length }),
		];
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Pictures that move everywhere with the grain of a camera; sound like speech: bursts with pauses. */
async function makeVideo(tools: FfmpegTools, path: string): Promise<void> {
	const { black, frozen, silent } = FAULTS;
	const during = ([from, to]: readonly [number, number]) => `between(t\\,${from}\\,${to})`;
	const held = frozen[1] - frozen[0];
	const pictures = [
		`testsrc2=size=1920x1080:rate=30:duration=${SECONDS - held},rotate=a=t/5,noise=alls=4:allf=t`,
		`loop=loop=${held * 30}:size=1:start=${frozen[0] * 30},setpts=N/30/TB`,
		`drawbox=t=fill:color=black:enable='${during(black)}',format=yuv420p[v]`,
	].join(',');
	const sound = `aevalsrc='0.3*sin(2*PI*(300+100*sin(3*t))*t)*lt(mod(t\\,0.3)\\,0.25)*(1-${during(silent)})|0.3*sin(2*PI*440*t)*lt(mod(t\\,0.3)\\,0.25)*(1-${during(silent)})':s=48000:d=${SECONDS}[a]`;
	await runFfmpeg(tools, [
		'-filter_complex', `${pictures};${sound}`,
		'-map', '[v]', '-map', '[a]',
		'-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-c:a', 'aac', '-b:a', '384k', '-movflags', '+faststart',
		'-t', String(SECONDS), path,
	]);
}

async function onePassEach(tools: FfmpegTools, path: string): Promise<Measurements> {
	const parts = await MEASURES.reduce<Promise<Measurements[]>>(
		async (done, only) => [...(await done), await measureVideo(tools, path, { only: [only] })],
		Promise.resolve([]),
	);
	const by = Object.fromEntries(MEASURES.map((name, index) => [name, parts[index]])) as Record<(typeof MEASURES)[number], Measurements>;
	const { loudness, silence, clipping } = by;
	return {
		...loudness,
		...(loudness.sound && silence.sound && clipping.sound
			? {
					sound: {
						...loudness.sound,
						silences: silence.sound.silences,
						samplePeakDbfs: clipping.sound.samplePeakDbfs,
						flatFactor: clipping.sound.flatFactor,
					},
				}
			: {}),
		blacks: by.black.blacks,
		freezes: by.freeze.freezes,
		repeats: by.repeats.repeats,
	};
}

/** A program of the same name that also writes down what its run took of the processor. */
function timed(folder: string, program: string, log: string): string {
	const path = join(folder, 'ffmpeg');
	const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
	writeFileSync(path, `#!/bin/sh\n${quoted(program)} "$@"\ncode=$?\ntimes >> ${quoted(log)}\nexit $code\n`);
	chmodSync(path, 0o755);
	return path;
}

/** Of lines such as `1m2.500000s 0m0.250000s`, user and system: the shell's own and its child's. */
function processorSeconds(log: string): number {
	return [...readFileSync(log, 'utf8').matchAll(/(\d+)m([\d.]+)s/g)].reduce(
		(sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
		0,
	);
}

function found(verdict: string): number {
	const { gates } = JSON.parse(verdict) as ReturnType<typeof judge>;
	return ['black', 'freeze', 'silence'].filter((name) => gates.some((gate) => gate.name === name && gate.verdict === 'fail')).length;
}
