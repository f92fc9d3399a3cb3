/** A scene as an ffmpeg filter graph: every picture is drawn once and then only moved, which is what keeps it cheap. */
import type { Scene } from './scenery';

export interface Frame {
	/** Pixels, even numbers. */
	width: number;
	height: number;
	fps: number;
}

/** The file names, beside the graph's working folder, of the pictures: the backdrop is 0, planes follow. */
export const scriptName = (index: number): string => `picture-${index}.ass`;

/** Folder of the fonts, in the same place. */
export const FONT_FOLDER = 'fonts';

const channels = (rgb: string): number[] =>
	[0, 2, 4].map((start) => Number.parseInt(rgb.slice(start, start + 2), 16));

/** A vertical gradient with a soft light in it; computed small, then enlarged. */
function sky({ sky: { sky: colors, glow } }: Scene): string {
	const [top, bottom, light] = [colors[0], colors[1], glow].map(channels);
	const [r, g, b] = [0, 1, 2].map(
		(channel) =>
			`clip(lerp(${top?.[channel]},${bottom?.[channel]},Y/H)` +
			`+(${light?.[channel]}-${bottom?.[channel]})*exp(-9*(pow(X/W-0.6,2)+pow(Y/H-0.42,2))),0,255)`,
	);
	return `format=gbrp,geq=r='${r}':g='${g}':b='${b}'`;
}

const draw = (index: number, alpha: boolean): string =>
	`ass=${scriptName(index)}:fontsdir=${FONT_FOLDER}${alpha ? ':alpha=1' : ''}`;

const HOLD = 'loop=loop=-1:size=1:start=0';

/** The graph for `-filter_complex`; its output is `[out]`, without an end. */
export function sceneGraph(scene: Scene, { width, height, fps }: Frame): string {
	const scale = width / scene.width;
	const still = `r=${fps},trim=end_frame=1`;
	const lines = [
		`color=c=black:s=64x36:${still},${sky(scene)},scale=${width}:${height}:flags=bicubic,setsar=1,` +
			`format=yuv420p,${draw(0, false)},${HOLD}[v0]`,
	];
	scene.planes.forEach(({ drawing, color, x, y }, index) => {
		const size = [drawing.width, drawing.height].map((side) => Math.ceil((side * scale) / 2) * 2);
		lines.push(
			`color=c=0x${color}@0.0:s=${size.join('x')}:${still},format=yuva420p,` +
				`${draw(index + 1, true)},${HOLD}[p${index}]`,
			`[v${index}][p${index}]overlay=x='${scale}*(${x})':y='${scale}*(${y})'[v${index + 1}]`,
		);
	});
	lines.push(`[v${scene.planes.length}]format=yuv420p[out]`);
	return lines.join(';');
}
