/** Output formats of `X-Microsoft-OutputFormat`, each as ffmpeg's options and a media type. */

export interface Format {
	output: string[];
	mime: string;
}

/** Azure cuts speech that is longer, and tells nobody. */
const LONGEST_S = '600';

const MP3: Array<[khz: number, kbps: number]> = [
	[16, 32],
	[16, 64],
	[16, 128],
	[24, 48],
	[24, 96],
	[24, 160],
	[48, 96],
	[48, 192],
];

const RIFF: Record<string, number> = { '22050hz': 22_050, '24khz': 24_000, '44100hz': 44_100, '48khz': 48_000 };

function cut(output: string[], mime: string): Format {
	return { output: ['-t', LONGEST_S, ...output], mime };
}

export const FORMATS: Record<string, Format> = {
	...Object.fromEntries(
		MP3.map(([khz, kbps]) => [
			`audio-${khz}khz-${kbps}kbitrate-mono-mp3`,
			cut(['-ar', `${khz * 1000}`, '-c:a', 'libmp3lame', '-b:a', `${kbps}k`, '-f', 'mp3'], 'audio/mpeg'),
		]),
	),
	...Object.fromEntries(
		Object.entries(RIFF).map(([name, rate]) => [
			`riff-${name}-16bit-mono-pcm`,
			cut(['-ar', `${rate}`, '-c:a', 'pcm_s16le', '-f', 'wav'], 'audio/x-wav'),
		]),
	),
};
