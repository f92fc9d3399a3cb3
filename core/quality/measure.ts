/** All measurements in one decoding pass: loudness, peaks, silence, black, freeze, and small pictures to find repeated clips by. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { probe, runFfmpeg, type FfmpegTools, type Probe } from '../video/ffmpeg';
import type { Range } from './ranges';
import { repeatsIn, secondsOf, SMALL_PICTURE, type Repeat } from './repeats';
import { markedFreezes, type Freeze } from './stillness';

export interface SoundMeasurements {
	/** EBU R 128; -70 is its floor. */
	integratedLufs: number;
	truePeakDbtp: number;
	rangeLu: number;
	samplePeakDbfs: number;
	/** Above 0 when neighbouring samples stay at the peak, as in clipped sound that was not encoded since. */
	flatFactor: number;
	silences: Range[];
	/** dBTP of every tenth of a second, the louder channel. */
	truePeaks: Array<{ at_s: number; dbtp: number }>;
}

export interface Measurements {
	probe: Probe;
	/** Seconds of the pictures, else of the file. */
	durationS: number;
	/** Seconds of pictures that came out of the file, to a quarter; left out when no small pictures were made. */
	decodedS?: number;
	sound?: SoundMeasurements;
	blacks: Range[];
	freezes: Freeze[];
	/** Pictures that are shown again later. */
	repeats: Repeat[];
}

/** Shortest stretches that are looked at; the gates judge longer ones. Seconds. */
const SHORTEST = { black: 0.1, freeze: 0.3, silence: 0.5 } as const;

const PICTURES = {
	black: `blackdetect=d=${SHORTEST.black}:pic_th=0.98:pix_th=0.10`,
	freeze: `freezedetect=n=0.003:d=${SHORTEST.freeze}`,
	repeats: `fps=${SMALL_PICTURE.fps},scale=${SMALL_PICTURE.width}:${SMALL_PICTURE.height}:flags=area,format=gray`,
} as const;

const SOUND = {
	loudness: 'ebur128=peak=true:framelog=info',
	silence: `silencedetect=n=-50dB:d=${SHORTEST.silence}`,
	clipping: 'astats',
} as const;

export type Measure = keyof typeof PICTURES | keyof typeof SOUND;

export const MEASURES = [...Object.keys(PICTURES), ...Object.keys(SOUND)] as Measure[];

export interface MeasureOptions {
	/** What is measured; all when left out. The rest has the values of a faultless video. */
	only?: readonly Measure[];
	signal?: AbortSignal;
	onProgress?: (fraction: number) => void;
}

/** @throws YtempireError `invalid-request` when the file is no video at all */
export async function measure(
	tools: FfmpegTools,
	path: string,
	options: MeasureOptions = {},
): Promise<Measurements> {
	const probed = await probe(tools, path, options.signal);
	const durationS = probed.video?.durationS || probed.durationS;
	const folder = await mkdtemp(join(tmpdir(), 'ytempire-measure-'));
	try {
		const reader = new LogReader();
		const pictures = join(folder, 'pictures.gray');
		const hasPictures = await decode(tools, path, probed, pictures, durationS, reader, options);
		const seen = hasPictures ? await readFile(pictures) : Buffer.alloc(0);
		const sound = probed.audio && reader.sound(probed.audio.durationS || durationS);
		return {
			probe: probed,
			durationS,
			...(hasPictures && { decodedS: secondsOf(seen) }),
			...(sound && { sound }),
			blacks: reader.blacks,
			freezes: markedFreezes(reader.freezes.upTo(durationS), seen),
			repeats: await repeatsIn(seen, options.signal),
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** @returns whether small pictures were written */
async function decode(
	tools: FfmpegTools,
	path: string,
	{ video, audio }: Probe,
	pictures: string,
	durationS: number,
	reader: LogReader,
	{ only = MEASURES, signal, onProgress }: MeasureOptions,
): Promise<boolean> {
	const wanted = <K extends Measure>(filters: Record<K, string>) =>
		(Object.keys(filters) as K[]).filter((name) => only.includes(name)).map((name) => filters[name]);
	const onPictures = video ? wanted(PICTURES) : [];
	const onSound = audio ? wanted(SOUND) : [];
	const hasPictures = onPictures.includes(PICTURES.repeats);
	if (onPictures.length + onSound.length === 0) return false;
	const graph = [
		...(onPictures.length > 0 ? [`[0:v:0]${onPictures.join(',')}[v]`] : []),
		...(onSound.length > 0 ? [`[0:a:0]${onSound.join(',')}[a]`] : []),
	];
	await runFfmpeg(
		tools,
		[
			'-i', path,
			'-filter_complex', graph.join(';'),
			...(onPictures.length > 0 ? ['-map', '[v]', ...(hasPictures ? ['-f', 'rawvideo', pictures] : ['-f', 'null', '-'])] : []),
			...(onSound.length > 0 ? ['-map', '[a]', '-f', 'null', '-'] : []),
		],
		{
			signal,
			durationS,
			timeoutMs: 120_000 + durationS * 10_000,
			onStderrLine: (line) => reader.read(line),
			onProgress: ({ fraction }) => onProgress?.(fraction),
		},
	);
	return hasPictures;
}

/** Stretches that a filter opens and closes in two lines; the last may stay open. */
class Stretches {
	private readonly closed: Range[] = [];

	private open: number | undefined;

	start(at: number): void {
		this.open = Math.max(0, at);
	}

	end(at: number): void {
		if (this.open !== undefined) this.closed.push({ start_s: this.open, end_s: at });
		this.open = undefined;
	}

	upTo(endS: number): Range[] {
		return this.open === undefined ? this.closed : [...this.closed, { start_s: this.open, end_s: endS }];
	}
}

/** Reads the filters' lines as they come, so that a long log needs no memory. */
class LogReader {
	readonly blacks: Range[] = [];

	readonly freezes = new Stretches();

	private readonly silences = new Stretches();

	private readonly values = new Map<string, number>();

	private readonly truePeaks: SoundMeasurements['truePeaks'] = [];

	read(line: string): void {
		const black = /black_start:([\d.]+) black_end:([\d.]+)/.exec(line);
		if (black) this.blacks.push({ start_s: Number(black[1]), end_s: Number(black[2]) });
		onNumber(/freeze_start: (-?[\d.]+)/, line, (at) => this.freezes.start(at));
		onNumber(/freeze_end: (-?[\d.]+)/, line, (at) => this.freezes.end(at));
		onNumber(/silence_start: (-?[\d.]+)/, line, (at) => this.silences.start(at));
		onNumber(/silence_end: (-?[\d.]+)/, line, (at) => this.silences.end(at));
		const peaks = /\bt: ?([\d.]+) .*FTPK:((?: +-?(?:[\d.]+|inf))+) dBFS/.exec(line);
		if (peaks) {
			const channels = (peaks[2] ?? '').trim().split(/ +/).map(finite);
			this.truePeaks.push({ at_s: Number(peaks[1]), dbtp: Math.max(...channels) });
			return;
		}
		// of astats the last block counts: all channels together
		const value = /(?:^|\s)(I|LRA|Peak|Peak level dB|Flat factor):\s+(-?[\d.]+|-?inf|nan)\b/.exec(line);
		if (value?.[1]) this.values.set(value[1], finite(value[2] ?? ''));
	}

	sound(durationS: number): SoundMeasurements {
		const at = (name: string, otherwise: number) => this.values.get(name) ?? otherwise;
		return {
			integratedLufs: at('I', -70),
			truePeakDbtp: at('Peak', -120),
			rangeLu: at('LRA', 0),
			samplePeakDbfs: at('Peak level dB', -120),
			flatFactor: at('Flat factor', 0),
			silences: this.silences.upTo(durationS),
			truePeaks: this.truePeaks,
		};
	}
}

function onNumber(pattern: RegExp, line: string, use: (value: number) => void): void {
	const found = pattern.exec(line)?.[1];
	if (found !== undefined) use(Number(found));
}

/** Silence has no level: ffmpeg writes -inf. */
function finite(text: string): number {
	const value = Number(text);
	return Number.isFinite(value) ? value : -120;
}
