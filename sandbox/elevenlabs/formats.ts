/** The output formats of text to speech, each as ffmpeg's options and a media type. */

export interface Format {
	/** For ffmpeg. */
	output: string[];
	mime: string;
}

const RATES = [8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

const MP3: Array<[rate: number, kbps: number]> = [
	[22_050, 32],
	[24_000, 48],
	[44_100, 32],
	[44_100, 64],
	[44_100, 96],
	[44_100, 128],
	[44_100, 192],
];

const OPUS_KBPS = [32, 64, 96, 128, 192];

export const FORMATS: Record<string, Format> = {
	...Object.fromEntries(
		MP3.map(([rate, kbps]) => [
			`mp3_${rate}_${kbps}`,
			{ output: ['-ar', `${rate}`, '-c:a', 'libmp3lame', '-b:a', `${kbps}k`, '-f', 'mp3'], mime: 'audio/mpeg' },
		]),
	),
	...Object.fromEntries(
		RATES.flatMap((rate) => [
			[`pcm_${rate}`, { output: ['-ar', `${rate}`, '-c:a', 'pcm_s16le', '-f', 's16le'], mime: 'audio/pcm' }],
			[`wav_${rate}`, { output: ['-ar', `${rate}`, '-c:a', 'pcm_s16le', '-f', 'wav'], mime: 'audio/wav' }],
		]),
	),
	...Object.fromEntries(
		OPUS_KBPS.map((kbps) => [
			`opus_48000_${kbps}`,
			{ output: ['-ar', '48000', '-c:a', 'libopus', '-b:a', `${kbps}k`, '-f', 'ogg'], mime: 'audio/ogg' },
		]),
	),
	ulaw_8000: { output: ['-ar', '8000', '-c:a', 'pcm_mulaw', '-f', 'mulaw'], mime: 'audio/basic' },
	alaw_8000: { output: ['-ar', '8000', '-c:a', 'pcm_alaw', '-f', 'alaw'], mime: 'audio/x-alaw-basic' },
};
