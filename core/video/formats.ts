/** Shapes and sizes of videos: a format says how wide, a resolution how fine. */

/** Width to height. */
export const FORMATS = ['16:9', '9:16', '1:1', '4:5'] as const;

export type Format = (typeof FORMATS)[number];

/** Pixels of the landscape video; other formats have the same shorter side. The smallest is for trying things out. */
export const RESOLUTIONS = ['1920x1080', '1280x720', '2560x1440', '3840x2160', '320x180'] as const;

export type Resolution = (typeof RESOLUTIONS)[number];

/** Frames a second, whole numbers. */
export const FRAME_RATES = { least: 24, most: 60 } as const;

/**
 * e.g. 4:5 at `1920x1080` is 1080 by 1350. Both sides are even, as yuv420p wants them.
 * @param resolution width by height; its shorter side counts
 */
export function sizeOf(format: Format, resolution: string): { width: number; height: number } {
	const shorter = Math.min(...resolution.split('x').map(Number));
	const [across = 16, down = 9] = format.split(':').map(Number);
	const even = (side: number) => 2 * Math.round(side / 2);
	const scale = shorter / Math.min(across, down);
	return { width: even(across * scale), height: even(down * scale) };
}
