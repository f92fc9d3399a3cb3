/** Gates on the file itself: container, size, rate, lengths. */
import type { QualityGate } from '../documents';
import { gate, grade, round, yesOrNo, type GateContext } from './gate';

export function formatGates({ measured, expected, thresholds }: GateContext): QualityGate[] {
	const { video, audio, formatName } = measured.probe;
	const isMp4 = formatName.split(',').includes('mp4');
	const isCodec = video !== undefined && ['h264', 'hevc'].includes(video.codec);
	const isPixels = video?.pixelFormat === 'yuv420p' && Math.abs(video.sampleAspect - 1) < 0.001;
	return [
		gate('container', {
			threshold: 'MP4 with H.264 or HEVC, yuv420p, square pixels',
			measured: video
				? `${isMp4 ? 'mp4' : formatName} ${video.codec} ${video.profile} ${video.pixelFormat}`
				: 'no picture',
			unit: '',
			...yesOrNo(isMp4 && isCodec && isPixels),
		}),
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
					}),
				]
			: []),
	];
}
