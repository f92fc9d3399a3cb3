/** Gates on the file itself: container, size, rate, lengths. */
import type { Blame, QualityGate } from '../documents';
import { gate, grade, round, yesOrNo, type GateContext } from './gate';

/** Small pictures come four a second, and a stream may begin late. */
const DECODED_TOLERANCE_S = 1;

export function formatGates(context: GateContext): QualityGate[] {
	const { measured, expected, thresholds } = context;
	const { video, audio, formatName } = measured.probe;
	const isMp4 = formatName.split(',').includes('mp4');
	const isCodec = video !== undefined && ['h264', 'hevc'].includes(video.codec);
	const isPixels = video?.pixelFormat === 'yuv420p' && Math.abs(video.sampleAspect - 1) < 0.001;
	const missing = missingOf(context);
	return [
		gate('container', {
			threshold: 'a whole MP4 with H.264 or HEVC, yuv420p, square pixels',
			measured: [
				video ? `${isMp4 ? 'mp4' : formatName} ${video.codec} ${video.profile} ${video.pixelFormat}` : 'no picture',
				...missing,
			].join(', '),
			unit: '',
			...yesOrNo(isMp4 && isCodec && isPixels && missing.length === 0),
		}),
		...streamsGate(context),
		gate('resolution', {
			threshold: `${expected.width}x${expected.height}`,
			measured: video ? `${video.width}x${video.height}` : 'no picture',
			unit: 'px',
			...yesOrNo(
				video?.width === expected.width && video.height === expected.height && video.rotation === 0,
			),
		}),
		gate('frame_rate', {
			threshold: `${expected.fps} ± ${thresholds.frameRateOff} fps`,
			measured: round(video?.averageFps ?? 0, 3),
			unit: 'fps',
			...yesOrNo(Math.abs((video?.averageFps ?? 0) - expected.fps) <= thresholds.frameRateOff),
		}),
		gate('duration', {
			threshold: `${expected.durationS} s ± ${round(thresholds.duration.pass * 100, 1)} %`,
			measured: measured.durationS,
			unit: 's',
			...grade(Math.abs(measured.durationS - expected.durationS) / expected.durationS, thresholds.duration),
			blame: lengthBlame(context),
		}),
		...(expected.narration && video
			? [
					gate('narration_length', {
						threshold: `${round(expected.narration.duration_s, 2)} s ± ${thresholds.narrationLength.pass} s`,
						measured: measured.durationS,
						unit: 's',
						...grade(
							Math.abs(measured.durationS - expected.narration.duration_s),
							thresholds.narrationLength,
						),
					}),
				]
			: []),
		...(video?.durationS && audio?.durationS
			? [
					gate('av_length', {
						threshold: `pictures and sound differ by at most ${thresholds.avLength.pass} s`,
						measured: Math.abs(video.durationS - audio.durationS),
						unit: 's',
						...grade(Math.abs(video.durationS - audio.durationS), thresholds.avLength),
						at: [
							{
								start_s: Math.min(video.durationS, audio.durationS),
								end_s: Math.max(video.durationS, audio.durationS),
							},
						],
					}),
				]
			: []),
	];
}

/** A file that was cut off keeps its header, and decodes to its end without a word. */
function missingOf({ measured: { probe, durationS, decodedS = durationS }, expected: { bytes = probe.bytes } }: GateContext): string[] {
	return [
		...(probe.bytes === bytes ? [] : [`${probe.bytes} of ${bytes} bytes`]),
		...(decodedS >= durationS - DECODED_TOLERANCE_S ? [] : [`${decodedS} of ${round(durationS, 2)} s of pictures`]),
	];
}

/** What YouTube recommends beside what it needs (support.google.com/youtube/answer/1722171). */
function streamsGate({ measured }: GateContext): QualityGate[] {
	const { video, audio } = measured.probe;
	if (!video || !audio) return [];
	const isProfile = video.codec === 'h264' ? video.profile === 'High' : video.profile === 'Main';
	const isColour = ['', 'unknown', 'bt709'].includes(video.colorSpace);
	const isAac = audio.codec === 'aac' && audio.profile === 'LC';
	const isRate = audio.sampleRate === 48_000 && audio.channels <= 2;
	const holding = [isProfile, isColour, isAac, isRate].filter(Boolean).length / 4;
	const picture = `${video.codec} ${video.profile} ${video.colorSpace}`.trim();
	return [
		gate('streams', {
			threshold: 'H.264 High or HEVC Main, bt709; AAC-LC at 48 kHz, mono or stereo',
			measured: `${picture}; ${audio.codec} ${audio.profile} ${audio.sampleRate} Hz, ${audio.channels} channels`,
			unit: '',
			verdict: holding === 1 ? 'pass' : holding >= 0.75 ? 'warn' : 'fail',
			score: holding,
			blame: isProfile && isColour ? 'mix' : 'render',
		}),
	];
}

/** A voice of the right length acquits the script. */
function lengthBlame({ expected, thresholds }: GateContext): Blame {
	const { narration, durationS } = expected;
	if (!narration) return 'script';
	return Math.abs(narration.duration_s - durationS) / durationS <= thresholds.duration.pass ? 'render' : 'script';
}
