/** A script that misses its length on purpose, in the structure that it has. */

/** Each scene cut, or said again, until it has `factor` times its words. */
export function stretchedScript<T extends { scenes: Array<{ narration: string }> }>(script: T, factor: number): T {
	if (factor === 1) return script;
	return { ...script, scenes: script.scenes.map((scene) => ({ ...scene, narration: stretched(scene.narration, factor) })) };
}

function stretched(text: string, factor: number): string {
	const words = text.split(/\s+/);
	const wanted = Math.max(1, Math.round(words.length * factor));
	return Array.from({ length: wanted }, (_, index) => words[index % words.length]).join(' ');
}
