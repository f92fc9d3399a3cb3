/** The slow zoom or pan that makes a photo move. */
import { contentHash } from '../hash';

/** A rectangle of the picture, as shares of its sides. */
interface View {
	left: number;
	right: number;
	top: number;
	bottom: number;
}

/** Share of the picture that is passed over: so much at least, so much a second, so much at most. */
const TRAVEL = { least: 0.05, perSecond: 0.012, most: 0.16 } as const;

/**
 * A filter for frames of the output's size. `perspective` reads between the pixels, so that the slowest
 * motion is even; `zoompan` and `crop` go by whole pixels and jitter. Its memory is one frame.
 * @param seed chooses between in, out, to the left and to the right
 * @param startFrame frames that were shown before
 * @param wholeFrames over which the motion goes
 */
export function motionFilter(
	seed: string,
	{ startFrame, wholeFrames, fps }: { startFrame: number; wholeFrames: number; fps: number },
): string {
	const travel = Math.min(TRAVEL.most, TRAVEL.least + (TRAVEL.perSecond * wholeFrames) / fps);
	const [from, to] = viewsOf(Number.parseInt(contentHash(seed).slice(0, 4), 16) % 4, travel);
	const place = (side: 'H' | 'W', edge: keyof View) =>
		`'${side}*(${from[edge].toFixed(5)}+(${(to[edge] - from[edge]).toFixed(5)})*(on+${startFrame})/${wholeFrames})'`;
	const [left, right] = [place('W', 'left'), place('W', 'right')];
	const [top, bottom] = [place('H', 'top'), place('H', 'bottom')];
	return [
		`perspective=x0=${left}:y0=${top}:x1=${right}:y1=${top}`,
		`x2=${left}:y2=${bottom}:x3=${right}:y3=${bottom}`,
		'interpolation=cubic:sense=source:eval=frame',
	].join(':');
}

function viewsOf(kind: number, travel: number): readonly [View, View] {
	const half = travel / 2;
	const whole: View = { left: 0, right: 1, top: 0, bottom: 1 };
	const near: View = { left: half, right: 1 - half, top: half, bottom: 1 - half };
	const atLeft: View = { ...near, left: 0, right: 1 - travel };
	const atRight: View = { ...near, left: travel, right: 1 };
	const views = [[whole, near], [near, whole], [atLeft, atRight], [atRight, atLeft]] as const;
	return views[kind] ?? views[0];
}
