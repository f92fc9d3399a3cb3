/** Chooses for one scene after the other: the best that isn't used yet and that the look at it, where one is wanted, lets pass. */
import { throwIfCancelled } from '../../abort';
import { isYtempireError } from '../../errors';
import type { FootageCandidate } from './footage';
import { LEAST_FIT, LOOKS_PER_SCENE, type SceneJudge, type Verdict } from './judge';
import { chooseClips, keyOf } from './rank';

interface Scene {
	sceneId: string;
	query: string;
	durationS: number;
}

export class Chooser {
	/** Of each scene: how often it was looked, and what did not fit. */
	private readonly looks = new Map<string, { count: number; unfit: Set<string> }>();

	private judge: SceneJudge | undefined;

	/**
	 * @param used `provider:id` of what may not be taken; what is chosen is added
	 * @param warnings what the operator should know is added
	 */
	constructor(
		judge: SceneJudge | undefined,
		private readonly used: Set<string>,
		private readonly warnings: Set<string>,
		private readonly signal?: AbortSignal,
	) {
		this.judge = judge;
	}

	/**
	 * Clips that together fill the scene; fewer when there are no more or all looks are spent.
	 * @param ordered best first
	 */
	async choose(scene: Scene, ordered: readonly FootageCandidate[]): Promise<FootageCandidate[]> {
		// what was looked at and refused stays refused when nobody can look any more
		const unfit = this.looks.get(scene.sceneId)?.unfit ?? new Set<string>();
		if (!this.judge) return chooseClips(ordered.filter((candidate) => !unfit.has(keyOf(candidate))), scene.durationS, this.used);
		const looks = this.looks.get(scene.sceneId) ?? { count: 0, unfit: new Set<string>() };
		this.looks.set(scene.sceneId, looks);
		const chosen: FootageCandidate[] = [];
		for (;;) {
			const missingS = scene.durationS - chosen.reduce((sum, { durationS }) => sum + durationS, 0);
			if (missingS <= 0) return chosen;
			const left = ordered.filter((candidate) => !looks.unfit.has(keyOf(candidate)));
			const [next] = chooseClips(left, Math.min(missingS, 0.001), this.used);
			if (!next) return chosen;
			if (looks.count >= LOOKS_PER_SCENE) {
				this.used.delete(keyOf(next));
				if (chosen.length === 0) this.warnings.add(`None of the ${LOOKS_PER_SCENE} best clips fits "${scene.query}" (${scene.sceneId})`);
				return chosen;
			}
			looks.count += 1;
			if (await this.fits(next, scene)) {
				chosen.push(next);
			} else {
				looks.unfit.add(keyOf(next));
				// another scene may want it
				this.used.delete(keyOf(next));
			}
		}
	}

	/** Without a frame, or when the models can't be asked, the candidate is taken as it is, and that is said. */
	private async fits(candidate: FootageCandidate, { query, sceneId }: Scene): Promise<boolean> {
		let verdict: Verdict | undefined;
		try {
			verdict = await this.judge?.look(candidate, query, this.signal);
		} catch (error) {
			throwIfCancelled(this.signal);
			if (!isYtempireError(error)) throw error;
			if (error.reason === 'no-frame') {
				this.warnings.add(`A clip was taken without a look at it: ${error.message}`);
			} else {
				this.judge = undefined;
				this.warnings.add(`Footage was taken without a look at it from ${sceneId} on: ${error.message}`);
			}
		}
		for (const warning of verdict?.warnings ?? []) this.warnings.add(warning);
		return !verdict || verdict.fit >= LEAST_FIT;
	}
}
